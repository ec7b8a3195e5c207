package io.agentledger.projection.report;

import io.agentledger.api.report.ReportDefinition;
import io.agentledger.api.report.ReportEvent.ReportRequested;
import io.agentledger.api.report.ReportFailure;
import io.agentledger.api.report.ReportFile;
import io.agentledger.api.report.ReportStatus;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.projection.support.ConfigurationRow;
import io.agentledger.projection.support.JsonConverter;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Table;
import java.time.Instant;
import org.axonframework.eventhandling.DomainEventMessage;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** One report; its name is the type, and it is archived when it was deleted. */
@Entity
@Table(name = "report_row")
@SuppressWarnings("NullAway.Init")
public class ReportRow extends ConfigurationRow {
  private static final int COMPLETE = 100;

  private String requester;

  @Convert(converter = PrincipalColumn.class)
  private ExecutionPrincipal principal;

  @Convert(converter = DefinitionColumn.class)
  private ReportDefinition definition;

  private @Nullable String sessionId;
  private @Nullable String scheduleId;

  @Enumerated(EnumType.STRING)
  private ReportStatus status;

  private int percent;
  private @Nullable String stage;

  @Convert(converter = FailureColumn.class)
  private @Nullable ReportFailure failure;

  @Convert(converter = FileColumn.class)
  private @Nullable ReportFile file;

  private @Nullable String sha256;
  private @Nullable Instant startedAt;
  private @Nullable Instant endedAt;

  protected ReportRow() {}

  ReportRow(ReportRequested event, DomainEventMessage<?> message) {
    super(event.definition().subject().reportType().name(), message);
    this.requester = event.requester().userId().value();
    this.principal = event.requester();
    this.definition = event.definition();
    this.sessionId = definition.subject().session().map(id -> id.value()).orElse(null);
    this.scheduleId = event.schedule().isEmpty() ? null : event.schedule().getFirst().value();
    this.status = ReportStatus.QUEUED;
  }

  void start(Instant at) {
    status = ReportStatus.RUNNING;
    startedAt = at;
    progress(0, "start");
  }

  void progress(int newPercent, String newStage) {
    percent = newPercent;
    stage = newStage;
  }

  void complete(ReportFile newFile, Instant at) {
    file = newFile;
    sha256 = newFile.sha256();
    percent = COMPLETE;
    end(ReportStatus.COMPLETED, at);
  }

  void fail(ReportFailure newFailure, Instant at) {
    failure = newFailure;
    end(ReportStatus.FAILED, at);
  }

  void cancel(Instant at) {
    end(ReportStatus.CANCELLED, at);
  }

  private void end(ReportStatus newStatus, Instant at) {
    status = newStatus;
    stage = null;
    endedAt = at;
  }

  public String requester() {
    return requester;
  }

  /** Returns the requester with the scopes of the credential that was used. */
  public ExecutionPrincipal principal() {
    return principal;
  }

  public ReportDefinition definition() {
    return definition;
  }

  /** Returns the schedule that requested it; null for none. */
  public @Nullable String scheduleId() {
    return scheduleId;
  }

  public ReportStatus status() {
    return status;
  }

  public int percent() {
    return percent;
  }

  public @Nullable String stage() {
    return stage;
  }

  public @Nullable ReportFailure failure() {
    return failure;
  }

  public @Nullable ReportFile file() {
    return file;
  }

  public @Nullable Instant startedAt() {
    return startedAt;
  }

  public @Nullable Instant endedAt() {
    return endedAt;
  }

  @Immutable
  static final class PrincipalColumn extends JsonConverter<ExecutionPrincipal> {
    PrincipalColumn() {
      super(ExecutionPrincipal.class);
    }
  }

  @Immutable
  static final class DefinitionColumn extends JsonConverter<ReportDefinition> {
    DefinitionColumn() {
      super(ReportDefinition.class);
    }
  }

  @Immutable
  static final class FailureColumn extends JsonConverter<ReportFailure> {
    FailureColumn() {
      super(ReportFailure.class);
    }
  }

  @Immutable
  static final class FileColumn extends JsonConverter<ReportFile> {
    FileColumn() {
      super(ReportFile.class);
    }
  }
}
