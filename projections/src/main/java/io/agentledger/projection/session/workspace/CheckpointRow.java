package io.agentledger.projection.session.workspace;

import io.agentledger.api.session.event.CheckpointEvent.CheckpointTaken;
import io.agentledger.api.session.event.CheckpointEvent.Moment;
import io.agentledger.api.shared.StableNames;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.projection.support.SealedContentConverter;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One checkpoint of a session's files. */
@Entity
@Table(name = "checkpoint_row")
@SuppressWarnings("NullAway.Init")
public class CheckpointRow {
  @Id private String id;
  private String tenant;
  private String sessionId;
  private String moment;
  private @Nullable String runId;
  private long files;
  private long bytes;
  private long sequence;
  private Instant takenAt;
  private @Nullable Long changedFiles;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent changedPaths;

  protected CheckpointRow() {}

  CheckpointRow(String tenant, CheckpointTaken event, long sequence, Instant at) {
    this.id = event.checkpointId().value();
    this.tenant = tenant;
    this.sessionId = event.sessionId().value();
    this.moment = StableNames.of(event.moment().getClass());
    this.runId = runIdOf(event.moment());
    this.files = event.content().files();
    this.bytes = event.content().bytes();
    this.sequence = sequence;
    this.takenAt = at;
    this.changedFiles = event.changedFiles() < 0 ? null : event.changedFiles();
    this.changedPaths =
        SealedContent.of(CheckpointTaken.class, "changedPaths", event.changedPaths());
  }

  private static @Nullable String runIdOf(Moment moment) {
    return switch (moment) {
      case Moment.Opening _, Moment.BeforeRewind _, Moment.BeforeBranch _ -> null;
      case Moment.Before before -> before.runId().value();
      case Moment.After after -> after.runId().value();
    };
  }

  public String id() {
    return id;
  }

  public String tenant() {
    return tenant;
  }

  public String sessionId() {
    return sessionId;
  }

  /** Returns the name of a {@link Moment}. */
  public String moment() {
    return moment;
  }

  public @Nullable String runId() {
    return runId;
  }

  public long files() {
    return files;
  }

  public long bytes() {
    return bytes;
  }

  public long sequence() {
    return sequence;
  }

  public Instant takenAt() {
    return takenAt;
  }

  /** Returns the number of files that had changed; null if unknown. */
  public @Nullable Long changedFiles() {
    return changedFiles;
  }

  public @Nullable SealedContent changedPaths() {
    return changedPaths;
  }
}
