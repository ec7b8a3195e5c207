package io.agentledger.projection.session.workspace;

import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One directory of the host that is mounted in a session. */
@Entity
@Table(name = "directory_row")
@SuppressWarnings("NullAway.Init")
public class DirectoryRow {
  @EmbeddedId private DirectoryKey key;
  private @Nullable String directory;
  private boolean writable;
  private Instant addedAt;

  protected DirectoryRow() {}

  DirectoryRow(DirectoryKey key, @Nullable String directory, boolean writable, Instant addedAt) {
    this.key = key;
    this.directory = directory;
    this.writable = writable;
    this.addedAt = addedAt;
  }

  public DirectoryKey key() {
    return key;
  }

  public @Nullable String directory() {
    return directory;
  }

  public boolean writable() {
    return writable;
  }

  public Instant addedAt() {
    return addedAt;
  }
}
