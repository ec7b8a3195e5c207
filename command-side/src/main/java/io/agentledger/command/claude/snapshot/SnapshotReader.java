package io.agentledger.command.claude.snapshot;

import io.agentledger.api.session.SessionId;
import io.agentledger.store.crypto.SealedBlobStore;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/** Reads stored snapshots by their recorded names. Blocks. */
public final class SnapshotReader {
  static final String MANIFEST = "manifest";

  private final SealedBlobStore store;

  public SnapshotReader(SealedBlobStore store) {
    this.store = store;
  }

  /** Loads a manifest by its name. */
  public Manifest load(SessionId session, String manifest) {
    return Manifest.parse(store.get(session, MANIFEST, manifest));
  }

  /** Restores a snapshot into a new, empty directory that no other user can reach. */
  public void restore(SessionId session, String manifest, Path into) throws IOException {
    new TreeWriter(session, store, load(session, manifest)).writeTo(into);
  }

  /** Returns a writer for the files of a snapshot. */
  TreeWriter writerFor(SessionId session, Manifest manifest) {
    return new TreeWriter(session, store, manifest);
  }

  /** Writes files of one snapshot. For one thread at a time. */
  public interface FileWriter {
    void write(Manifest.Entry file, OutputStream out) throws IOException;
  }

  /** Returns a writer of files that keeps the packs that it read last. */
  public FileWriter fileWriterFor(SessionId session, Manifest manifest) {
    return writerFor(session, manifest)::write;
  }
}
