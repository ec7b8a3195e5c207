package io.agentledger.projection.session;

import io.agentledger.api.session.Activity;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.Workspace;
import io.agentledger.api.session.event.ActionEvent;
import io.agentledger.api.session.event.CheckpointEvent;
import io.agentledger.api.session.event.LifecycleEvent;
import io.agentledger.api.session.event.LifecycleEvent.ActivityChanged;
import io.agentledger.api.session.event.LifecycleEvent.BudgetSet;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.LifecycleEvent.SessionRenamed;
import io.agentledger.api.session.event.LifecycleEvent.SessionTransferred;
import io.agentledger.api.session.event.OutputEvent;
import io.agentledger.api.session.event.QueryEvent;
import io.agentledger.api.session.event.QueryEvent.BackgroundRequested;
import io.agentledger.api.session.event.QueryEvent.CommandInvoked;
import io.agentledger.api.session.event.QueryEvent.FilesAttached;
import io.agentledger.api.session.event.QueryEvent.FilesMentioned;
import io.agentledger.api.session.event.QueryEvent.InterruptRequested;
import io.agentledger.api.session.event.QueryEvent.QueryIssued;
import io.agentledger.api.session.event.QueryEvent.QueryQueued;
import io.agentledger.api.session.event.QueryEvent.QueryWithdrawn;
import io.agentledger.api.session.event.QueryEvent.TaskStopRequested;
import io.agentledger.api.session.event.RunEvent;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.session.event.RunEvent.RunInterrupted;
import io.agentledger.api.session.event.RunEvent.RunPaused;
import io.agentledger.api.session.event.RunEvent.RunResumed;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.api.session.event.SideRequestEvent;
import io.agentledger.api.session.event.TurnEvent.TurnFinished;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.projection.support.SealedContentConverter;
import io.agentledger.projection.support.UsageTotals;
import jakarta.persistence.Convert;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * State of one session after the event with the number {@link #sequence}. Depends on nothing but
 * the events of the session; the values of its fields are immutable.
 */
@Entity
@Table(name = "session_row")
@SuppressWarnings("NullAway.Init")
public class SessionRow implements Cloneable {
  @Id private String id;
  private String tenant;
  private String owner;
  private String threadId;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent title;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent metadata;

  @Embedded private SessionLifecycleColumns lifecycle;
  @Embedded private @Nullable AgentSetupColumns agentSetup;

  @Enumerated(EnumType.STRING)
  private Activity activity;

  private long sequence;
  private String agentId;
  private long agentVersion;
  private String agentName;
  private String environmentId;
  private String environmentName;

  @Convert(converter = SessionJsonConverters.Options.class)
  private RunOptions options;

  @Embedded private SessionFilterColumns filterColumns;

  @Convert(converter = SessionJsonConverters.Budgets.class)
  private Budget budget;

  @Convert(converter = SessionJsonConverters.Workspaces.class)
  private Workspace workspace;

  @Convert(converter = SessionJsonConverters.Origins.class)
  private SessionOrigin origin;

  private int queued;
  private @Nullable String runId;
  private int runs;
  @Embedded private UsageTotals spent;
  private Instant createdAt;
  private Instant updatedAt;

  protected SessionRow() {}

  /** Creates the state after the first event of a session. */
  public SessionRow(String tenant, SessionOpened event, Instant at) {
    this.id = event.sessionId().value();
    this.tenant = tenant;
    this.owner = event.ownerId().value();
    this.threadId = event.threadId().value();
    this.title = SealedContent.of(SessionOpened.class, "title", event.title());
    this.metadata = SealedContent.of(SessionOpened.class, "metadata", event.metadata());
    this.lifecycle = SessionLifecycleColumns.opened(at);
    this.agentSetup = AgentSetupColumns.from(event);
    this.activity = Activity.IDLE;
    this.agentId = event.agent().id().value();
    this.agentVersion = event.agent().version();
    this.agentName = event.agent().name();
    this.environmentId = event.environment().id().value();
    this.environmentName = event.environment().name();
    this.options = event.options();
    this.budget = event.budget();
    this.workspace = event.workspace();
    this.origin = event.origin();
    this.filterColumns = SessionFilterColumns.of(options, origin);
    this.spent = UsageTotals.ZERO;
    this.createdAt = at;
    this.updatedAt = at;
    this.sequence = 1;
  }

  /** Applies an event; does nothing if the row contains it already. */
  public void apply(SessionEvent event, long eventSequence, Instant at) {
    if (eventSequence <= sequence) return;
    sequence = eventSequence;
    updatedAt = at;
    switch (event) {
      case LifecycleEvent lifecycle -> apply(lifecycle, at);
      case QueryEvent query -> apply(query);
      case RunEvent run -> apply(run);
      case OutputEvent output -> apply(output);
      case ActionEvent ignored -> {}
      case CheckpointEvent ignored -> {}
      case SideRequestEvent ignored -> {}
    }
  }

  /** Returns the state after another event; this one stays as it is. */
  public SessionRow after(SessionEvent event, long eventSequence, Instant at) {
    try {
      var next = (SessionRow) clone();
      next.apply(event, eventSequence, at);
      return next;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  private void apply(LifecycleEvent event, Instant at) {
    switch (event) {
      case ActivityChanged changed -> activity = changed.activity();
      case BudgetSet set -> budget = set.budget();
      case SessionTransferred sessionTransferred -> owner = sessionTransferred.toUserId().value();
      case LifecycleEvent.ToolsSet toolsSet ->
          agentSetup = agentSetup == null ? null : agentSetup.apply(toolsSet);
      case LifecycleEvent.PermissionModeSet set -> {
        options = options.withPermissionMode(set.permissionMode());
        filterColumns = SessionFilterColumns.of(options, origin);
      }
      case LifecycleEvent.ModelSet set -> options = options.withModel(set.model());
      case SessionRenamed renamed ->
          title = SealedContent.of(SessionRenamed.class, "title", renamed.title());
      default -> lifecycle = lifecycle.apply(event, at);
    }
  }

  private void apply(QueryEvent event) {
    switch (event) {
      case QueryQueued ignored -> queued++;
      case QueryIssued issued -> {
        if (SealedContent.of(QueryIssued.class, "prompt", issued.prompt()) == null) queued--;
        runId = issued.runId().value();
      }
      case QueryWithdrawn ignored -> queued--;
      case InterruptRequested ignored -> {}
      case TaskStopRequested ignored -> {}
      case BackgroundRequested ignored -> {}
      case FilesAttached ignored -> {}
      case FilesMentioned ignored -> {}
      case CommandInvoked ignored -> {}
    }
  }

  private void apply(RunEvent event) {
    switch (event) {
      case RunStarted started -> {
        runId = started.runId().value();
        if (started.attempt() == 1) runs++;
      }
      case RunFailed failed -> {
        if (!failed.retrying()) clearCurrentRun(failed);
      }
      case RunCompleted completed -> clearCurrentRun(completed);
      case RunInterrupted interrupted -> clearCurrentRun(interrupted);
      case RunPaused paused -> clearCurrentRun(paused);
      case RunResumed resumed -> runId = resumed.runId().value();
    }
  }

  private void clearCurrentRun(RunEvent event) {
    if (event.runId().value().equals(runId)) runId = null;
  }

  private void apply(OutputEvent event) {
    if (event instanceof TurnFinished turn) spent = spent.plus(turn.usage(), turn.costUsd());
  }

  public String id() {
    return id;
  }

  public String tenant() {
    return tenant;
  }

  public String owner() {
    return owner;
  }

  /** Returns the agent's own thread. */
  public String threadId() {
    return threadId;
  }

  public @Nullable SealedContent title() {
    return title;
  }

  public @Nullable SealedContent metadata() {
    return metadata;
  }

  /** Returns the lifecycle status and the tags. */
  public SessionLifecycleColumns lifecycle() {
    return lifecycle;
  }

  /** Returns the agent's setup; null for a session from an older version. */
  public @Nullable AgentSetupColumns agentSetup() {
    return agentSetup;
  }

  public Activity activity() {
    return activity;
  }

  public long sequence() {
    return sequence;
  }

  public String agentId() {
    return agentId;
  }

  public long agentVersion() {
    return agentVersion;
  }

  public String agentName() {
    return agentName;
  }

  public String environmentId() {
    return environmentId;
  }

  public String environmentName() {
    return environmentName;
  }

  public RunOptions options() {
    return options;
  }

  public Budget budget() {
    return budget;
  }

  public Workspace workspace() {
    return workspace;
  }

  public SessionOrigin origin() {
    return origin;
  }

  public int queued() {
    return queued;
  }

  public @Nullable String runId() {
    return runId;
  }

  public int runs() {
    return runs;
  }

  public UsageTotals spent() {
    return spent;
  }

  public Instant createdAt() {
    return createdAt;
  }

  public Instant updatedAt() {
    return updatedAt;
  }
}
