package io.agentledger.command.claude.control;

import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.event.ActionEvent;
import io.agentledger.api.session.event.ActionEvent.AnswerTimeout;
import io.agentledger.api.session.event.ElicitationEvent.Answer;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationAnswered;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationCompleted;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationEnded;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationRequested;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationRevised;
import io.agentledger.api.session.event.ElicitationEvent.EndReason;
import io.agentledger.api.session.event.ElicitationEvent.Mode;
import io.agentledger.command.claude.policy.Hooks.HookResult;
import io.agentledger.command.claude.record.DerivedIds;
import io.agentledger.command.claude.state.EventFactory;
import io.agentledger.command.claude.state.SessionState;
import io.agentledger.command.mcp.connection.ElicitationChannel;
import io.agentledger.command.mcp.connection.ElicitationChannel.ElicitationAnswer;
import io.agentledger.command.mcp.connection.ElicitationChannel.ElicitationRequest;
import io.agentledger.command.mcp.connection.ElicitationChannel.PendingElicitation;
import io.agentledger.store.support.UntrustedJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Handles requests of MCP servers to the user: the hooks run first, then the request is recorded as
 * a pending action, which any client may answer. A server may send requests only during a call to
 * it. Confined to one thread; requests that arrive on other threads are dispatched to it.
 */
public final class ElicitationRequestHandler {
  private static final JsonMapper JSON = UntrustedJson.MAPPER;

  /** Maximum number of open requests of a process; further ones are declined. */
  private static final int OPEN_MAX = 16;

  private static final int REMEMBERED_MAX = 64;

  private final SessionState state;
  private final DerivedIds derivedIds;
  private final ElicitationHooks hooks;
  private final Recorder recorder;
  private final Consumer<Runnable> executor;
  private final CallLookup calls;
  private final Map<ActionId, OpenElicitation> open = new LinkedHashMap<>();
  private final Map<String, AnsweredElicitation> answered = new LinkedHashMap<>();

  /** Records events. */
  public interface Recorder {
    /** Returns the run in progress. */
    Optional<RunId> currentRunId();

    /** Returns whether the mode of the run excludes questions to users. */
    boolean isUnattended();

    /**
     * Records events of the run immediately and processes the records; the run may have ended
     * meanwhile.
     */
    void record(RunId run, List<EventFactory> factories);
  }

  /** Looks up the call of a server that is in progress, the latest one if there are several. */
  interface CallLookup {
    Optional<ToolCallId> runningCall(String server);
  }

  /** Open request; not recorded before its hooks have returned. */
  private record OpenElicitation(
      RunId run,
      ToolCallId call,
      String server,
      ElicitationRequest request,
      CompletableFuture<ElicitationAnswer> answer) {}

  /** Answered request that its server may report as completed later. */
  private record AnsweredElicitation(RunId run, ActionId action) {}

  ElicitationRequestHandler(
      SessionState state,
      DerivedIds derivedIds,
      ElicitationHooks hooks,
      Recorder recorder,
      Consumer<Runnable> executor,
      CallLookup calls) {
    this.state = state;
    this.derivedIds = derivedIds;
    this.hooks = hooks;
    this.recorder = recorder;
    this.executor = executor;
    this.calls = calls;
  }

  /** Returns the channel through which a server sends requests to the session's users. */
  ElicitationChannel channelFor(String server) {
    return new ElicitationChannel() {
      @Override
      public PendingElicitation request(ElicitationRequest request) {
        var action = derivedIds.actionId("elicitation/" + UUID.randomUUID());
        var answer = new CompletableFuture<ElicitationAnswer>();
        executor.accept(() -> open(action, server, request, answer));
        return new Question(action, answer);
      }

      @Override
      public void completed(String elicitationId) {
        executor.accept(() -> onCompleted(server, elicitationId));
      }
    };
  }

  private final class Question implements PendingElicitation {
    private final ActionId action;
    private final CompletableFuture<ElicitationAnswer> answer;

    Question(ActionId action, CompletableFuture<ElicitationAnswer> answer) {
      this.action = action;
      this.answer = answer;
    }

    @Override
    public CompletableFuture<ElicitationAnswer> answer() {
      return answer;
    }

    @Override
    public void end(EndReason end) {
      executor.accept(() -> ElicitationRequestHandler.this.endElicitation(action, end));
    }
  }

  private void open(
      ActionId action,
      String server,
      ElicitationRequest request,
      CompletableFuture<ElicitationAnswer> answer) {
    Optional<RunId> run = recorder.currentRunId();
    Optional<ToolCallId> call = calls.runningCall(server);
    if (run.isEmpty() || call.isEmpty() || open.size() >= OPEN_MAX) {
      answer.complete(ElicitationAnswer.CANCELLED);
      return;
    }
    OpenElicitation elicitation =
        new OpenElicitation(run.get(), call.get(), server, request, answer);
    open.put(action, elicitation);
    if (!hooks.runRequestHooks(
        server,
        call.get(),
        request,
        result -> executor.accept(() -> onHookResult(action, result)))) {
      recordOpened(action, elicitation, new ArrayList<>());
    }
  }

  private EventFactory requestEvent(ActionId action, OpenElicitation elicitation) {
    ElicitationRequest request = elicitation.request();
    AnswerTimeout answerTimeout =
        request.timeout().isZero()
            ? new AnswerTimeout.Unlimited()
            : new AnswerTimeout.Limited(request.timeout());
    ToolCallId call = elicitation.call();
    String server = elicitation.server();
    Mode mode = request.mode();
    return (sealer, run, thread, _) -> {
      var sealed = sealer.text(ElicitationRequested.class, "request", request.details().toString());
      return new ElicitationRequested(
          sealer.session(), run, thread, action, call, server, mode, answerTimeout, sealed);
    };
  }

  /**
   * Processes the result of the hooks: a hook may answer for the user. The request is recorded in
   * either case.
   */
  private void onHookResult(ActionId action, HookResult result) {
    OpenElicitation elicitation = open.get(action);
    if (elicitation == null) return; // It was withdrawn meanwhile.
    List<EventFactory> events = new ArrayList<>(result.executions());
    Optional<ElicitationAnswer> answer =
        ElicitationHooks.answerFrom(result, elicitation.request(), Optional.empty());
    if (answer.isEmpty()) {
      recordOpened(action, elicitation, events);
      return;
    }
    events.add(requestEvent(action, elicitation));
    Answer given = answer.get().answer();
    events.add(
        (sealer, _, _, _) -> {
          var sealed = sealer.text(ElicitationAnswered.class, "content", contentOf(answer.get()));
          return new ElicitationAnswered(sealer.session(), action, given, true, sealed);
        });
    recorder.record(elicitation.run(), events);
  }

  /** Records the request as pending; in an unattended run it ends immediately. */
  private void recordOpened(
      ActionId action, OpenElicitation elicitation, List<EventFactory> events) {
    events.add(requestEvent(action, elicitation));
    if (recorder.isUnattended()) {
      events.add(endEvent(action, EndReason.NOT_PRESENTED));
    }
    recorder.record(elicitation.run(), events);
  }

  private static EventFactory endEvent(ActionId action, EndReason end) {
    return (sealer, _, _, _) -> new ElicitationEnded(sealer.session(), action, end);
  }

  private static @Nullable String contentOf(ElicitationAnswer answer) {
    return answer.content().map(JsonNode::toString).orElse(null);
  }

  /** Handles the end of a pending action: it was answered, or it ended without an answer. */
  void resolve(ActionEvent event) {
    OpenElicitation elicitation = open.get(event.actionId());
    if (elicitation == null) return;
    switch (event) {
      case ElicitationAnswered elicitationAnswered when elicitationAnswered.byHook() ->
          sendAnswer(elicitationAnswered.actionId(), parseAnswered(elicitationAnswered));
      case ElicitationAnswered elicitationAnswered ->
          runAnswerHooks(
              elicitation, elicitationAnswered.actionId(), parseAnswered(elicitationAnswered));
      case ElicitationEnded ignored -> sendAnswer(event.actionId(), ElicitationAnswer.CANCELLED);
      case ActionEvent.ActionExpired ignored ->
          sendAnswer(event.actionId(), ElicitationAnswer.CANCELLED);
      default -> {} // Recorded by this class.
    }
  }

  private ElicitationAnswer parseAnswered(ElicitationAnswered event) {
    String content = state.open(ElicitationAnswered.class, "content", event.content());
    Optional<JsonNode> form =
        content.isEmpty() ? Optional.empty() : Optional.of(JSON.readTree(content));
    return new ElicitationAnswer(event.answer(), form);
  }

  /** Calls the hooks for an answer; they may replace it. */
  private void runAnswerHooks(
      OpenElicitation elicitation, ActionId action, ElicitationAnswer elicitationAnswer) {
    Consumer<HookResult> callback =
        result ->
            executor.accept(() -> onAnswerReviewed(elicitation, action, elicitationAnswer, result));
    if (!hooks.runAnswerHooks(
        elicitation.server(),
        elicitation.call(),
        elicitation.request(),
        elicitationAnswer,
        callback)) {
      sendAnswer(action, elicitationAnswer);
    }
  }

  private void onAnswerReviewed(
      OpenElicitation elicitation,
      ActionId action,
      ElicitationAnswer elicitationAnswer,
      HookResult result) {
    ElicitationAnswer finalAnswer =
        ElicitationHooks.answerFrom(result, elicitation.request(), elicitationAnswer.content())
            .orElse(elicitationAnswer);
    List<EventFactory> events = new ArrayList<>(result.executions());
    if (!finalAnswer.equals(elicitationAnswer)) {
      events.add(
          (sealer, _, _, _) -> {
            var sealed = sealer.text(ElicitationRevised.class, "content", contentOf(finalAnswer));
            return new ElicitationRevised(sealer.session(), action, finalAnswer.answer(), sealed);
          });
    }
    if (open.containsKey(action)) {
      recorder.record(elicitation.run(), events);
      sendAnswer(action, finalAnswer);
    }
  }

  private void sendAnswer(ActionId action, ElicitationAnswer elicitationAnswer) {
    OpenElicitation elicitation = open.remove(action);
    if (elicitation == null) return;
    String id = elicitation.request().elicitationId();
    if (!id.isEmpty() && elicitationAnswer.answer() == Answer.ACCEPT) {
      answered.put(
          elicitation.server() + "/" + id, new AnsweredElicitation(elicitation.run(), action));
      if (answered.size() > REMEMBERED_MAX) {
        answered.remove(answered.keySet().iterator().next());
      }
    }
    elicitation.answer().complete(elicitationAnswer);
  }

  private void onCompleted(String server, String elicitationId) {
    AnsweredElicitation answeredElicitation = answered.remove(server + "/" + elicitationId);
    if (answeredElicitation != null) {
      recorder.record(
          answeredElicitation.run(),
          List.of(
              (sealer, _, _, _) ->
                  new ElicitationCompleted(sealer.session(), answeredElicitation.action())));
      return;
    }
    // The server reports completion before the user answered: no answer is needed any more.
    open.entrySet().stream()
        .filter(entry -> entry.getValue().server().equals(server))
        .filter(entry -> entry.getValue().request().elicitationId().equals(elicitationId))
        .map(Map.Entry::getKey)
        .findFirst()
        .ifPresent(action -> endElicitation(action, EndReason.WITHDRAWN));
  }

  private void endElicitation(ActionId action, EndReason end) {
    OpenElicitation elicitation = open.remove(action);
    if (elicitation == null) return;
    elicitation.answer().complete(ElicitationAnswer.CANCELLED);
    recorder.record(elicitation.run(), List.of(endEvent(action, end)));
  }

  /** Withdraws the open requests of the call, because the call has returned. */
  void onCallEnded(ToolCallId call) {
    List.copyOf(open.entrySet()).stream()
        .filter(entry -> entry.getValue().call().equals(call))
        .forEach(entry -> endElicitation(entry.getKey(), EndReason.WITHDRAWN));
  }

  /**
   * Ends the requests that an earlier process of this node received, because their connections are
   * closed.
   */
  void resume() {
    Optional<RunId> run = recorder.currentRunId();
    List<EventFactory> endings = new ArrayList<>();
    for (ActionId action : state.elicitations().open()) {
      endings.add(endEvent(action, EndReason.CONNECTION_LOST));
    }
    if (run.isPresent() && !endings.isEmpty()) recorder.record(run.get(), endings);
  }

  /** Cancels all open requests at the end of a run. */
  void clear() {
    List.copyOf(open.values())
        .forEach(elicitation -> elicitation.answer().complete(ElicitationAnswer.CANCELLED));
    open.clear();
  }
}
