//! The outputs of a process that serves or connects: starts the threads that write the log, the
//! record and the messages, and ends them. `server` and `client` use it.

use std::io::Write;
use std::rc::Rc;
use std::time::Duration;

use tokio::task::{JoinHandle, spawn_local, yield_now};
use tokio::time::sleep;

use super::context::{BufferPool, Limits, NetContext};
use super::log::{
    EventLog, LogThreads, LogWriter, NoticeScope, RecordOutput, RecordWriter, WriterDone,
    WriterThread,
};
use super::memory::MessageMemory;
use super::stop::StopSignal;

/// Where to write.
pub struct OutputStreams {
    /// The log.
    pub log: Box<dyn Write + Send>,
    /// The messages, if they are written apart from the log.
    pub messages: Option<Box<dyn Write + Send>>,
    /// The record.
    pub record: Option<RecordOutput>,
}

/// The outputs while the process runs.
pub(super) struct Outputs {
    pub(super) context: Rc<NetContext>,
    /// Hands formatted output to the threads.
    task: JoinHandle<()>,
    /// Lets the threads hurry once the process stops.
    hurry: JoinHandle<()>,
    log: WriterDone,
    messages: Option<WriterDone>,
    record: Option<(WriterDone, RecordEnd)>,
}

/// Makes the last bytes of the record from the number of open connections.
type RecordEnd = Box<dyn FnOnce(usize) -> Vec<u8> + Send>;

/// How long a process that stops waits for the last output to be written, for each output.
pub(super) const OUTPUT_TIMEOUT: Duration = Duration::from_millis(250);

/// How long large payloads are still written whole once the process stops. Later they are cut, so
/// that the lines that they are in, and those after them, are whole.
const PAYLOAD_TIMEOUT: Duration = Duration::from_millis(150);

impl Outputs {
    /// Starts the threads, and makes the context that all connections use.
    pub(super) fn start(
        events: Option<Box<dyn EventLog>>,
        streams: OutputStreams,
        limits: Limits,
        stop: StopSignal,
    ) -> Self {
        let (log_thread, log) = WriterThread::start(streams.log, drop);
        let messages = streams.messages.map(|it| WriterThread::start(it, drop));
        let (messages_thread, messages) = messages.unzip();
        let (record_thread, record) = streams.record.map(RecordWriter::start).unzip();
        let threads = LogThreads {
            log: log_thread,
            record: record_thread,
            messages: messages_thread,
        };
        let context = Rc::new(NetContext {
            log: Rc::new(LogWriter::new(events, threads)),
            buffers: BufferPool::new(),
            memory: MessageMemory::new(limits.max_message),
            stop,
            limits,
        });
        let writer = Rc::clone(&context.log);
        let task = spawn_local(async move { writer.run().await });
        let stopping = Rc::clone(&context);
        let hurry = spawn_local(async move {
            stopping.stop.stopped().await;
            sleep(PAYLOAD_TIMEOUT).await;
            stopping.log.hurry();
        });
        let record = record.map(|record| {
            let context = Rc::clone(&context);
            spawn_local(async move {
                if let Some(notice) = record.failure.notice().await {
                    context.notify(NoticeScope::Server, &notice);
                }
            });
            (record.done, record.last)
        });
        Self {
            context,
            task,
            hurry,
            log,
            messages,
            record,
        }
    }

    /// Writes the rest of all outputs, the log last. `open` is the number of connections that
    /// were open, and `last_line` the end of the log. A reader that is slow is waited for, unless
    /// the process stops.
    pub(super) async fn finish(self, open: usize, last_line: &[u8]) {
        let Self {
            context,
            task,
            hurry,
            log,
            messages,
            record,
        } = self;
        if let Some((done, last)) = record {
            context.log.end_record(&last(open));
            written(&context, done).await;
            // A failure to write the end is reported now.
            yield_now().await;
        }
        context.log.end_messages();
        if let Some(done) = messages {
            written(&context, done).await;
        }
        context.log.end_log(last_line);
        task.abort();
        written(&context, log).await;
        hurry.abort();
    }
}

/// Waits until a thread has written everything, and only for a while if the process stops.
async fn written(context: &NetContext, thread: WriterDone) {
    let too_long = async {
        context.stop.stopped().await;
        sleep(OUTPUT_TIMEOUT).await;
    };
    tokio::select! {
        () = thread.wait() => {}
        () = too_long => {}
    }
}
