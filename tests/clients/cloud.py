"""A stand-in for AWS: moto's server on a port of its own, filled by boto3; and what asks it."""

import contextlib
import http.server
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.parse
import urllib.request
from unittest import mock

import awscli.clidriver
import boto3
import botocore.config

from service import ASSAY, TOOLS

ACCOUNT = "123456789012"
REGION = "eu-west-1"
KEY = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "example"}


class Cloud:
    """Starts on entering, ends on leaving."""

    driver = None

    def __enter__(self):
        environment = {**os.environ, "PYTHONPATH": str(TOOLS), "PYTHONUNBUFFERED": "1"}
        # One port after the other is not needed: the system chooses a free one, and moto says which.
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"]
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE)
        self.endpoint = None
        for line in self.process.stderr:
            self.log.write(line)
            if found := re.search(rb"Running on (http://127[0-9.:]+)", line):
                self.endpoint = found[1].decode()
                break
        if self.endpoint is None:
            self.log.seek(0)
            raise RuntimeError(f"moto did not start: {self.log.read().decode()}")
        # The pipe must not fill up.
        self.drain = subprocess.Popen(["cat"], stdin=self.process.stderr, stdout=self.log)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=20)
        self.process.stderr.close()
        self.drain.wait(timeout=20)
        self.log.close()

    def client(self, service, region=REGION):
        return boto3.session.Session().client(
            service, region_name=region, endpoint_url=self.endpoint, config=botocore.config.Config(retries={"max_attempts": 0}),
            aws_access_key_id=KEY["AWS_ACCESS_KEY_ID"], aws_secret_access_key=KEY["AWS_SECRET_ACCESS_KEY"])

    def environment(self, folder):
        """Of a program that asks: nothing of the user's."""
        return {"PATH": os.environ["PATH"], "HOME": str(folder), "AWS_CONFIG_FILE": "/dev/null",
                "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "1", **KEY}

    def aws(self, folder, *words, region=REGION):
        """What the AWS command line prints; nothing where it fails. It runs in here: to start takes it longer than to answer."""
        with mock.patch.dict(os.environ, self.environment(folder)), \
                contextlib.redirect_stdout(io.StringIO()) as told, contextlib.redirect_stderr(io.StringIO()):
            self.driver = self.driver or awscli.clidriver.create_clidriver()
            code = self.driver.main(
                ["--endpoint-url", self.endpoint, "--region", region, "--output", "json", *words])
        return json.loads(told.getvalue() or "{}") if code == 0 else None

    def assay(self, folder, *words, **environment):
        """Runs Assay, with credentials."""
        return subprocess.run([ASSAY, *words], capture_output=True, stdin=subprocess.DEVNULL, text=True,
                              env={**self.environment(folder), "ASSAY_DATA": str(folder), **environment})


class Guard:
    """Stands before a cloud: refuses some actions, is too busy for others once or always, and passes the rest on."""

    def __init__(self, cloud, refused=(), busy=(), broken=()):
        self.answers = {"refused": set(refused), "busy": list(busy), "broken": set(broken)}
        self.actions = []
        guard = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                action = urllib.parse.parse_qs(body.decode()).get("Action", [self.headers.get("X-Amz-Target")])[0]
                guard.actions.append(action)
                self.answer(*guard.answer(action, lambda: self.forward(body)))

            def forward(self, body):
                headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
                request = urllib.request.Request(cloud.endpoint + self.path, data=body, headers=headers, method="POST")
                try:
                    with urllib.request.urlopen(request, timeout=60) as told:
                        return told.status, told.read()
                except urllib.error.HTTPError as error:
                    return error.code, error.read()

            def answer(self, status, body):
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.endpoint = f"http://127.0.0.1:{self.server.server_port}"

    def answer(self, action, forward):
        error = "<Response><Errors><Error><Code>{}</Code><Message>said so</Message></Error></Errors></Response>".format
        if action in self.answers["refused"]:
            return 403, error("UnauthorizedOperation").encode()
        if action in self.answers["busy"]:
            self.answers["busy"].remove(action)
            return 503, error("RequestLimitExceeded").encode()
        if action in self.answers["broken"]:
            return 200, b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"
        return forward()

    def __enter__(self):
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def fill(cloud, region=REGION):
    """A VPC with a web server behind a load balancer, a database, and what there is around them. Returns the ids."""
    ec2, elbv2, elb = (cloud.client(name, region) for name in ("ec2", "elbv2", "elb"))
    tags = lambda kind, name: [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": name}]}]
    ids = {}
    vpc = ids["vpc"] = ec2.create_vpc(CidrBlock="10.0.0.0/16", AmazonProvidedIpv6CidrBlock=True,
                                      TagSpecifications=tags("vpc", "a <b> & \"c\" é"))["Vpc"]["VpcId"]
    other = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    subnets = [ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"{region}{zone}")["Subnet"]["SubnetId"]
               for number, zone in ((1, "a"), (2, "b"))]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    for subnet in subnets:
        ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    ec2.create_egress_only_internet_gateway(VpcId=vpc)
    acl = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    ec2.create_network_acl_entry(NetworkAclId=acl, RuleNumber=100, Protocol="6", RuleAction="allow", Egress=False,
                                 CidrBlock="0.0.0.0/0", PortRange={"From": 22, "To": 22})
    ec2.create_network_acl_entry(NetworkAclId=acl, RuleNumber=110, Protocol="1", RuleAction="deny", Egress=True,
                                 Ipv6CidrBlock="::/0", IcmpTypeCode={"Code": -1, "Type": -1})
    prefixes = ec2.create_managed_prefix_list(PrefixListName="office", MaxEntries=5, AddressFamily="IPv4", Entries=[
        {"Cidr": "198.51.100.0/24", "Description": "one"}, {"Cidr": "203.0.113.0/24"}])["PrefixList"]["PrefixListId"]
    group = ec2.create_security_group(GroupName="web", Description="web & more", VpcId=vpc)["GroupId"]
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[
        {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0", "Description": "all"}],
         "PrefixListIds": [{"PrefixListId": prefixes}]},
        {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group}], "Ipv6Ranges": [{"CidrIpv6": "2001:db8::/32"}]}])
    image = ec2.describe_images()["Images"][0]["ImageId"]
    run = lambda name, subnet: ec2.run_instances(
        ImageId=image, MinCount=1, MaxCount=1, SubnetId=subnet, SecurityGroupIds=[group],
        TagSpecifications=tags("instance", name))["Instances"][0]
    web, database = run("web", subnets[0]), run("database", subnets[1])
    ids["web"], ids["database"] = web["InstanceId"], database["InstanceId"]
    address = ec2.allocate_address(Domain="vpc")
    ec2.associate_address(AllocationId=address["AllocationId"], InstanceId=ids["web"])
    ec2.create_nat_gateway(SubnetId=subnets[0], AllocationId=ec2.allocate_address(Domain="vpc")["AllocationId"])
    peering = ec2.create_vpc_peering_connection(VpcId=vpc, PeerVpcId=other)["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=peering)
    vgw = ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    ec2.attach_vpn_gateway(VpnGatewayId=vgw, VpcId=vpc)
    far = ec2.create_customer_gateway(Type="ipsec.1", PublicIp="192.0.2.1", BgpAsn=65000)["CustomerGateway"]["CustomerGatewayId"]
    ec2.create_vpn_connection(Type="ipsec.1", CustomerGatewayId=far, VpnGatewayId=vgw)
    transit = ec2.create_transit_gateway(Description="hub")["TransitGateway"]["TransitGatewayId"]
    attachment = ec2.create_transit_gateway_vpc_attachment(
        TransitGatewayId=transit, VpcId=vpc, SubnetIds=subnets[:1])["TransitGatewayVpcAttachment"]["TransitGatewayAttachmentId"]
    routes = ec2.create_transit_gateway_route_table(TransitGatewayId=transit)["TransitGatewayRouteTable"]["TransitGatewayRouteTableId"]
    ec2.create_transit_gateway_route(DestinationCidrBlock="10.9.0.0/16", TransitGatewayRouteTableId=routes,
                                     TransitGatewayAttachmentId=attachment)
    ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=f"com.amazonaws.{region}.s3", RouteTableIds=[table])
    balancer = elbv2.create_load_balancer(Name="front", Subnets=subnets, SecurityGroups=[group],
                                          Scheme="internet-facing")["LoadBalancers"][0]["LoadBalancerArn"]
    targets = elbv2.create_target_group(Name="web", Protocol="HTTP", Port=8080, VpcId=vpc)["TargetGroups"][0]["TargetGroupArn"]
    elbv2.register_targets(TargetGroupArn=targets, Targets=[{"Id": ids["web"], "Port": 8080}])
    listener = elbv2.create_listener(LoadBalancerArn=balancer, Protocol="HTTP", Port=80, DefaultActions=[
        {"Type": "forward", "TargetGroupArn": targets}])["Listeners"][0]["ListenerArn"]
    elbv2.create_rule(ListenerArn=listener, Priority=5, Conditions=[{"Field": "path-pattern", "Values": ["/a*"]}],
                      Actions=[{"Type": "forward", "TargetGroupArn": targets}])
    elb.create_load_balancer(LoadBalancerName="old", Listeners=[
        {"Protocol": "tcp", "LoadBalancerPort": 25, "InstancePort": 25}], Subnets=subnets[:1], SecurityGroups=[group])
    return ids
