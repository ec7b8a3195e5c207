package io.agentledger.command.claude.process;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Wakes the readers of all journals, with one inotify instance and one thread. Works on local file
 * systems only.
 */
public final class JournalWatcher implements AutoCloseable {
  private final WatchService changes;
  private final Map<WatchKey, Thread> readers = new ConcurrentHashMap<>();

  public JournalWatcher() throws IOException {
    changes = FileSystems.getDefault().newWatchService();
    Thread.ofPlatform().daemon().name("journal-watch").start(this::loop);
  }

  /** Registers the calling thread, which is unparked whenever a file in the directory changes. */
  WatchKey register(Path directory) throws IOException {
    WatchKey key =
        directory.register(
            changes, StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_CREATE);
    readers.put(key, Thread.currentThread());
    return key;
  }

  void unregister(WatchKey key) {
    readers.remove(key);
    key.cancel();
  }

  private void loop() {
    try {
      while (true) {
        WatchKey key = changes.take();
        key.pollEvents(); // The events themselves do not matter, nor lost ones: readers check
        // themselves
        key.reset();
        LockSupport.unpark(readers.get(key));
      }
    } catch (ClosedWatchServiceException | InterruptedException closed) {
      readers.values().forEach(LockSupport::unpark);
    }
  }

  @Override
  public void close() throws IOException {
    changes.close();
  }
}
