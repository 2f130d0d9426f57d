//! A file of one list, written page by page: `{"Vpcs": [...]}`, an object a line.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;

use camino::{Utf8Path, Utf8PathBuf};
use serde::Serialize;
use serde_json::Value;

use super::error::CloudError;

/// Such a file, while it is written.
pub(crate) struct ListFile {
    path: Utf8PathBuf,
    writer: BufWriter<File>,
    count: usize,
}

impl ListFile {
    /// Begins a list; the file must not be there yet.
    pub(crate) fn create(path: &Utf8Path, name: &str) -> Result<ListFile, CloudError> {
        let mut writer = BufWriter::new(create(path)?);
        write!(writer, "{{\n  {}: [", Value::from(name)).map_err(CloudError::writing(path))?;
        Ok(ListFile { path: path.to_owned(), writer, count: 0 })
    }

    pub(crate) fn push(&mut self, object: &Value) -> Result<(), CloudError> {
        let begin = if self.count == 0 { "\n    " } else { ",\n    " };
        self.count += 1;
        let written = self.writer.write_all(begin.as_bytes()).and_then(|()| json(&mut self.writer, object));
        written.map_err(CloudError::writing(&self.path))
    }

    /// Ends the list and the file, with what else is to be said.
    pub(crate) fn finish(mut self, rest: &[(&str, Value)]) -> Result<(), CloudError> {
        let end = if self.count == 0 { "]" } else { "\n  ]" };
        let mut text = end.to_owned();
        for (name, value) in rest {
            text.push_str(&format!(",\n  {}: {value}", Value::from(*name)));
        }
        text.push_str("\n}\n");
        let written = self.writer.write_all(text.as_bytes()).and_then(|()| self.writer.flush());
        written.map_err(CloudError::writing(&self.path))
    }
}

/// Writes a whole value.
pub(crate) fn write(path: &Utf8Path, value: &impl Serialize) -> Result<(), CloudError> {
    let mut writer = BufWriter::new(create(path)?);
    let written = serde_json::to_writer_pretty(&mut writer, value).map_err(io::Error::from);
    let written = written.and_then(|()| writer.write_all(b"\n")).and_then(|()| writer.flush());
    written.map_err(CloudError::writing(path))
}

/// For the owner only: a network's configuration is nobody else's business.
fn create(path: &Utf8Path) -> Result<File, CloudError> {
    let created = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    created.map_err(CloudError::writing(path))
}

fn json(writer: &mut BufWriter<File>, value: &Value) -> io::Result<()> {
    serde_json::to_writer(writer, value).map_err(io::Error::from)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_file_is_json_at_any_length() {
        let folder = tempfile::tempdir().unwrap();
        let folder = Utf8Path::from_path(folder.path()).unwrap();
        for count in 0..3 {
            let path = folder.join(format!("{count}.json"));
            let mut file = ListFile::create(&path, "A\"").unwrap();
            let objects: Vec<Value> = (0..count).map(|number| json!({ "Id": number })).collect();
            objects.iter().for_each(|object| file.push(object).unwrap());
            file.finish(&[("NextToken", json!("t"))]).unwrap();
            let read: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            assert_eq!(read, json!({ "A\"": objects, "NextToken": "t" }));
        }
        assert!(ListFile::create(&folder.join("0.json"), "A").is_err());
    }
}
