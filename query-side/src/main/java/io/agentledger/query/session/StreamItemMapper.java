package io.agentledger.query.session;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.model.Usage;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.event.ActionEvent;
import io.agentledger.api.session.event.CheckpointEvent;
import io.agentledger.api.session.event.CheckpointEvent.CheckpointTaken;
import io.agentledger.api.session.event.CheckpointEvent.FilesRewound;
import io.agentledger.api.session.event.CheckpointEvent.Moment;
import io.agentledger.api.session.event.EgressEvent.EgressAllowed;
import io.agentledger.api.session.event.EgressEvent.EgressDenied;
import io.agentledger.api.session.event.LifecycleEvent;
import io.agentledger.api.session.event.OutputEvent;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.event.OutputEvent.ContextCompacted;
import io.agentledger.api.session.event.OutputEvent.HookExecuted;
import io.agentledger.api.session.event.OutputEvent.IncidentNoted;
import io.agentledger.api.session.event.OutputEvent.MessageReceived;
import io.agentledger.api.session.event.OutputEvent.RunInitialized;
import io.agentledger.api.session.event.OutputEvent.SubagentFinished;
import io.agentledger.api.session.event.OutputEvent.SubagentStarted;
import io.agentledger.api.session.event.OutputEvent.TaskEnded;
import io.agentledger.api.session.event.OutputEvent.TaskStarted;
import io.agentledger.api.session.event.OutputEvent.TodoUpdated;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
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
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.api.session.event.SideRequestEvent;
import io.agentledger.api.session.event.TurnEvent.ModelRefused;
import io.agentledger.api.session.event.TurnEvent.TurnFinished;
import io.agentledger.api.session.event.TurnEvent.TurnRetried;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.session.stream.StreamItem.Body;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.StableNames;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.query.support.ContentReader;
import java.util.List;
import java.util.Objects;
import org.axonframework.eventhandling.DomainEventMessage;
import org.jspecify.annotations.Nullable;

/**
 * Maps stored events to stream items, one for one and in order. Each reader has its own mapper,
 * because it remembers earlier events. The switch has no default, so that a new event does not
 * compile without a mapping.
 */
final class StreamItemMapper {
  private final ContentReader contentReader;
  private final EventFields fields;
  private final EventLookback eventLookback;
  private final RunItemMapper runs;
  private final ActionItemMapper actions;

  StreamItemMapper(ContentReader contentReader, EventLookback eventLookback) {
    this.contentReader = contentReader;
    this.fields = new EventFields(contentReader);
    this.eventLookback = eventLookback;
    this.runs = new RunItemMapper(contentReader, fields, eventLookback);
    this.actions = new ActionItemMapper(contentReader, fields, eventLookback);
  }

  StreamItem toItem(DomainEventMessage<?> message) {
    var event = (SessionEvent) message.getPayload();
    eventLookback.remember(event);
    Body body =
        switch (event) {
          case LifecycleEvent lifecycle -> status(lifecycle);
          case QueryEvent query -> status(query);
          case RunEvent run -> runs.toBody(run);
          case OutputEvent output -> toBody(output);
          case ActionEvent action ->
              actions.toBody(action, message.getTimestamp(), actorOf(message));
          case CheckpointEvent checkpoint -> toBody(checkpoint);
          case SideRequestEvent sideRequestEvent -> status(sideRequestEvent);
        };
    var threadId = threadIdOf(event);
    return new StreamItem(
        body.type(),
        StableNames.of(event.getClass()),
        event.sessionId(),
        runIdOf(event),
        threadId,
        threadId == null || eventLookback.isMainThread(threadId) ? null : threadId.parentToolUse(),
        message.getSequenceNumber() + 1,
        message.getTimestamp(),
        body);
  }

  private static String actorOf(DomainEventMessage<?> message) {
    return String.valueOf(message.getMetaData().get(Provenance.ACTOR));
  }

  private Body toBody(OutputEvent event) {
    return switch (event) {
      case RunInitialized initialized -> runs.toBody(initialized);
      case MessageReceived message ->
          new StreamItem.Message(
              message.messageId(),
              message.blockIndex(),
              message.role(),
              message.origin(),
              Objects.requireNonNullElse(
                  contentReader.json(message, "block", message.block()), Json.NULL),
              message.usage().equals(Usage.ZERO) ? null : message.usage());
      case ToolCalled called -> toBody(called);
      case ToolReturned returned -> toBody(returned);
      case TodoUpdated todo ->
          new StreamItem.Todo(
              Objects.requireNonNullElse(
                  contentReader.json(todo, "todos", todo.todos()), Json.NULL));
      case TurnRetried retried -> toBody(retried);
      case TurnFinished turn -> status(turn);
      case TaskStarted started -> status(started);
      case TaskEnded ended -> status(ended);
      case SubagentStarted started -> status(started);
      case SubagentFinished finished -> status(finished);
      case ContextCompacted compacted -> status(compacted);
      case ModelRefused refused -> status(refused);
      case HookExecuted executed -> status(executed);
      case EgressAllowed egressAllowed -> status(egressAllowed);
      case EgressDenied egressDenied -> status(egressDenied);
      case IncidentNoted incident -> status(incident);
    };
  }

  private Body toBody(ToolCalled event) {
    return new StreamItem.Tool(
        "called",
        event.toolCallId(),
        event.name(),
        contentReader.json(event, "input", event.input()),
        contentReader.text(event, "resolvedPath", event.resolvedPath()),
        event.verdict(),
        event.rule(),
        null,
        null,
        null);
  }

  private Body toBody(ToolReturned event) {
    return new StreamItem.Tool(
        "returned",
        event.toolCallId(),
        null,
        null,
        null,
        null,
        null,
        contentReader.json(event, "output", event.output()),
        event.status(),
        event.status() != CallStatus.RETURNED);
  }

  private Body toBody(CheckpointEvent event) {
    return switch (event) {
      case CheckpointTaken taken -> toBody(taken);
      case FilesRewound rewound ->
          new StreamItem.Checkpoint(
              "rewound", rewound.checkpointId(), null, null, null, null, null, null);
    };
  }

  private Body toBody(CheckpointTaken event) {
    var moment = StableNames.of(event.moment().getClass());
    return new StreamItem.Checkpoint(
        "taken",
        event.checkpointId(),
        moment,
        CheckpointTexts.cause(moment),
        event.content().files(),
        event.content().bytes(),
        event.changedFiles() < 0 ? null : event.changedFiles(),
        contentReader
            .map(
                event.sessionId(),
                SealedContent.of(CheckpointTaken.class, "changedPaths", event.changedPaths()),
                CheckpointTexts::parsePaths)
            .orElse(List.of()));
  }

  private static @Nullable RunId runIdOf(Moment moment) {
    return switch (moment) {
      case Moment.Opening _, Moment.BeforeRewind _, Moment.BeforeBranch _ -> null;
      case Moment.Before before -> before.runId();
      case Moment.After after -> after.runId();
    };
  }

  private static Body toBody(TurnRetried event) {
    if (event.attemptsMax() == 0)
      return new StreamItem.Error(
          "turn_retried",
          "%s The request waits at most %d ms.".formatted(event.error(), event.delay().toMillis()));
    return new StreamItem.Error(
        "turn_retried",
        "The model API answered %s (%s); attempt %d of %d follows in %d ms."
            .formatted(
                event.httpStatus() == 0 ? "nothing" : event.httpStatus(),
                event.error(),
                event.attempt(),
                event.attemptsMax(),
                event.delay().toMillis()));
  }

  private Body status(SessionEvent event) {
    return new StreamItem.Status(fields.fieldsOf(event));
  }

  private @Nullable RunId runIdOf(SessionEvent event) {
    return switch (event) {
      case LifecycleEvent ignored -> null;
      case QueryIssued issued -> issued.runId();
      case QueryQueued queued -> queued.runId();
      case QueryWithdrawn withdrawn -> withdrawn.runId().stream().findFirst().orElse(null);
      case TaskStopRequested ignored -> null;
      case BackgroundRequested ignored -> null;
      case FilesAttached ignored -> null;
      case FilesMentioned ignored -> null;
      case CommandInvoked ignored -> null;
      case InterruptRequested interrupt -> interrupt.runId();
      case RunEvent run -> run.runId();
      case OutputEvent output -> output.runId();
      case ActionEvent action -> actions.runIdOf(action);
      case CheckpointTaken taken -> runIdOf(taken.moment());
      case FilesRewound ignored -> null;
      case SideRequestEvent ignored -> null;
    };
  }

  private @Nullable ThreadId threadIdOf(SessionEvent event) {
    return switch (event) {
      case LifecycleEvent.SessionOpened opened -> opened.threadId();
      case LifecycleEvent ignored -> null;
      case QueryEvent ignored -> null;
      case RunEvent.RunStarted started -> started.threadId();
      case RunEvent ignored -> null;
      case OutputEvent output -> output.threadId();
      case ActionEvent action -> actions.threadIdOf(action);
      case CheckpointEvent ignored -> null;
      case SideRequestEvent ignored -> null;
    };
  }
}
