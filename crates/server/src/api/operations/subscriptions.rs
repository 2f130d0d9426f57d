//! Event subscriptions (reference §6.2.24, .35, .36).
//!
//! A topic that nothing is delivered to can be subscribed all the same, as scripts carry topics of their own: what became of
//! its messages stands in the run's `notifications`.

use assay_model::arn::TemplateArn;
use assay_wire::arn::EntityArn as _;
use assay_wire::{
    ApiError, EventSubscription, InspectorEvent, LimitExceededErrorCode, ListEventSubscriptionsRequest,
    ListEventSubscriptionsResponse, SubscribeToEventRequest, Subscription, UnsubscribeFromEventRequest,
};

use crate::api::call::{Call, Stored as _};
use crate::store::{self, Event, Subscribed, SubscriptionPosition, TopicSubscriptions};

/// Subscribes a topic; once more changes nothing.
pub(crate) async fn subscribe(call: &Call<'_>, request: &SubscribeToEventRequest) -> Result<(), ApiError> {
    let template: TemplateArn = call.own_arn("resourceArn", &request.resource_arn)?;
    let topic = request.topic_arn.clone();
    let subscription = store::Subscription { template, topic, event: event(request.event), created_at: call.now };
    let most = call.service.limits.subscriptions;
    match call.service.store.subscribe(&subscription, most).await.or_internal()? {
        Subscribed::Now | Subscribed::Before => Ok(()),
        Subscribed::NoTemplate => Err(subscription.template.does_not_exist()),
        Subscribed::LimitReached => {
            let message = format!("the template has {most} event subscriptions, which is the limit");
            Err(ApiError::limit_exceeded(LimitExceededErrorCode::EventSubscriptionLimitExceeded, message))
        }
    }
}

/// Ends a subscription; one that is not there is no error (reference §16, 20).
pub(crate) async fn unsubscribe(call: &Call<'_>, request: &UnsubscribeFromEventRequest) -> Result<(), ApiError> {
    let template: TemplateArn = call.own_arn("resourceArn", &request.resource_arn)?;
    let store = &call.service.store;
    let is_there = store.unsubscribe(&template, &request.topic_arn, event(request.event)).await.or_internal()?;
    if is_there { Ok(()) } else { Err(template.does_not_exist()) }
}

/// Lists subscriptions by template and topic.
pub(crate) async fn list(
    call: &Call<'_>,
    request: &ListEventSubscriptionsRequest,
) -> Result<ListEventSubscriptionsResponse, ApiError> {
    let template = request.resource_arn.as_deref();
    let template = template.map(|text| call.own_arn::<TemplateArn>("resourceArn", text)).transpose()?;
    let page = call.page::<SubscriptionPosition>()?;
    let store = &call.service.store;
    let listing = store.subscriptions(call.realm(), template.as_ref(), &page).await.or_internal()?;
    let Some(listing) = listing else {
        let error = template.map_or_else(|| ApiError::internal("the service failed"), |arn| arn.does_not_exist());
        return Err(error);
    };
    Ok(ListEventSubscriptionsResponse {
        next_token: call.next_token(listing.next.as_ref())?,
        subscriptions: listing.items.into_iter().map(wire_subscription).collect(),
    })
}

fn wire_subscription(TopicSubscriptions { template, topic, events }: TopicSubscriptions) -> Subscription {
    let wire_event = |(event, at): (Event, assay_model::Timestamp)| EventSubscription {
        event: InspectorEvent::from_name(event.as_str()).unwrap_or(InspectorEvent::Other),
        subscribed_at: at.into(),
    };
    Subscription {
        resource_arn: template.into(),
        topic_arn: topic,
        event_subscriptions: events.into_iter().map(wire_event).collect(),
    }
}

fn event(event: InspectorEvent) -> Event {
    match event {
        InspectorEvent::AssessmentRunStarted => Event::RunStarted,
        InspectorEvent::AssessmentRunCompleted => Event::RunCompleted,
        InspectorEvent::AssessmentRunStateChanged => Event::RunStateChanged,
        InspectorEvent::FindingReported => Event::FindingReported,
        InspectorEvent::Other => Event::Other,
    }
}
