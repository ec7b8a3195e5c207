package io.agentledger.command.claude.snapshot;

import io.agentledger.api.session.SessionId;
import io.agentledger.store.crypto.SealedBlobStore;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/** Trees that were kept, by the names that the record gives them. Blocks. */
public final class SnapshotReader {
  static final String MANIFEST = "manifest";

  private final SealedBlobStore store;

  public SnapshotReader(SealedBlobStore store) {
    this.store = store;
  }

  /** What was kept under that name. */
  public Manifest load(SessionId session, String manifest) {
    return Manifest.parse(store.get(session, MANIFEST, manifest));
  }

  /** A kept tree into a new, empty folder that nobody else can reach. */
  public void restore(SessionId session, String manifest, Path into) throws IOException {
    new TreeWriter(session, store, load(session, manifest)).writeTo(into);
  }

  /** Writes one file of a kept tree after the other. */
  TreeWriter writerFor(SessionId session, Manifest manifest) {
    return new TreeWriter(session, store, manifest);
  }

  /** The bytes of one kept file. */
  public void write(SessionId session, Manifest manifest, Manifest.Entry file, OutputStream out)
      throws IOException {
    new TreeWriter(session, store, manifest).write(file, out);
  }
}
