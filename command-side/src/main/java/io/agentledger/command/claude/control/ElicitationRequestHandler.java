package io.agentledger.command.claude.control;

import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.command.Output;
import io.agentledger.api.session.event.ActionEvent;
import io.agentledger.api.session.event.ActionEvent.AnswerTimeout;
import io.agentledger.api.session.event.ElicitationEvent.Answer;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationAnswered;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationEnded;
import io.agentledger.api.session.event.ElicitationEvent.End;
import io.agentledger.api.shared.Json;
import io.agentledger.command.claude.policy.Hooks.HookResult;
import io.agentledger.command.claude.record.DerivedIds;
import io.agentledger.command.claude.state.SessionState;
import io.agentledger.command.mcp.connection.ElicitationChannel;
import io.agentledger.command.mcp.connection.ElicitationChannel.ElicitationAnswer;
import io.agentledger.command.mcp.connection.ElicitationChannel.ElicitationRequest;
import io.agentledger.command.mcp.connection.ElicitationChannel.PendingElicitation;
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
import tools.jackson.databind.node.ObjectNode;

/**
 * Where what servers ask the user waits: hooks are asked first, then it is recorded, and whoever
 * answers the session's pending action answers it. A server may ask while a call of its own is
 * under way, and at no other time. One thread's own; servers ask on others and are brought to it.
 */
public final class ElicitationRequestHandler {
  private static final JsonMapper JSON = JsonMapper.shared();

  /** How many questions of a process may wait at once; whoever asks more is told no. */
  private static final int OPEN_MAX = 16;

  private static final int REMEMBERED_MAX = 64;

  private final SessionState state;
  private final DerivedIds derivedIds;
  private final ElicitationHooks hooks;
  private final Recorder recorder;
  private final Consumer<Runnable> executor;
  private final CallLookup calls;
  private final Map<ActionId, Open> open = new LinkedHashMap<>();
  private final Map<String, Answered> answered = new LinkedHashMap<>();

  /** Where what happens is put down. */
  public interface Recorder {
    /** The run that is under way. */
    Optional<RunId> run();

    /** Whether in the mode of the run nobody is asked. */
    boolean isUnattended();

    /** Puts it on the record of the run, at once, and acts on what is there then. */
    void record(RunId run, List<Output> outputs);
  }

  /** Which call of a server is under way, the last one if there are several. */
  interface CallLookup {
    Optional<ToolCallId> underWay(String server);
  }

  /** Something that was asked; until its hooks have spoken it is not on the record. */
  private record Open(
      RunId run,
      ToolCallId call,
      String server,
      ElicitationRequest wanted,
      CompletableFuture<ElicitationAnswer> answer) {}

  /** Something that was answered and may be reported as done later. */
  private record Answered(RunId run, ActionId action) {}

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

  /** How a server reaches the session's users. */
  ElicitationChannel users(String server) {
    return new ElicitationChannel() {
      @Override
      public PendingElicitation request(ElicitationRequest request) {
        var action = derivedIds.action("elicitation/" + UUID.randomUUID());
        var answer = new CompletableFuture<ElicitationAnswer>();
        executor.accept(() -> put(action, server, request, answer));
        return new Question(action, answer);
      }

      @Override
      public void completed(String elicitationId) {
        executor.accept(() -> done(server, elicitationId));
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
    public void end(End end) {
      executor.accept(() -> ElicitationRequestHandler.this.end(action, end));
    }
  }

  private void put(
      ActionId action,
      String server,
      ElicitationRequest request,
      CompletableFuture<ElicitationAnswer> answer) {
    Optional<RunId> run = recorder.run();
    Optional<ToolCallId> call = calls.underWay(server);
    if (run.isEmpty() || call.isEmpty() || open.size() >= OPEN_MAX) {
      answer.complete(ElicitationAnswer.CANCELLED);
      return;
    }
    Open asked = new Open(run.get(), call.get(), server, request, answer);
    open.put(action, asked);
    if (!hooks.runRequestHooks(
        server,
        call.get(),
        request,
        result -> executor.accept(() -> onHookResult(action, result)))) {
      raise(action, asked, new ArrayList<>());
    }
  }

  private static Output recordRequest(ActionId action, Open asked) {
    ElicitationRequest request = asked.wanted();
    AnswerTimeout answerTimeout =
        request.patience().isZero()
            ? new AnswerTimeout.Unlimited()
            : new AnswerTimeout.Limited(request.patience());
    ObjectNode words = request.ask().deepCopy().asObject();
    return new Output.AskElicitation(
        action,
        asked.call(),
        asked.server(),
        request.mode(),
        answerTimeout,
        new Json(words.toString()));
  }

  /** A hook that answers answers for the user; what was asked is on the record all the same. */
  private void onHookResult(ActionId action, HookResult result) {
    Open asked = open.get(action);
    if (asked == null) return; // It was taken back meanwhile.
    List<Output> outputs = new ArrayList<>(result.executions());
    Optional<ElicitationAnswer> answer =
        ElicitationHooks.answer(result, asked.wanted(), Optional.empty());
    if (answer.isEmpty()) {
      raise(action, asked, outputs);
      return;
    }
    outputs.add(recordRequest(action, asked));
    outputs.add(new Output.HookAnswer(action, answer.get().answer(), json(answer.get())));
    recorder.record(asked.run(), outputs);
  }

  /** The users are asked; where none is, it ends as it begins. */
  private void raise(ActionId action, Open asked, List<Output> outputs) {
    outputs.add(recordRequest(action, asked));
    if (recorder.isUnattended()) {
      outputs.add(new Output.EndElicitation(action, End.NOBODY_ASKED));
    }
    recorder.record(asked.run(), outputs);
  }

  private static @Nullable Json json(ElicitationAnswer elicitationAnswer) {
    return elicitationAnswer.content().map(content -> new Json(content.toString())).orElse(null);
  }

  /** Somebody has answered, or nobody will. */
  void resolve(ActionEvent event) {
    Open asked = open.get(event.actionId());
    if (asked == null) return;
    switch (event) {
      case ElicitationAnswered elicitationAnswered when elicitationAnswered.byHook() ->
          sendAnswer(elicitationAnswered.actionId(), parseAnswered(elicitationAnswered));
      case ElicitationAnswered elicitationAnswered ->
          review(asked, elicitationAnswered.actionId(), parseAnswered(elicitationAnswered));
      case ElicitationEnded ignored -> sendAnswer(event.actionId(), ElicitationAnswer.CANCELLED);
      case ActionEvent.ActionExpired ignored ->
          sendAnswer(event.actionId(), ElicitationAnswer.CANCELLED);
      default -> {} // What we put there ourselves.
    }
  }

  private ElicitationAnswer parseAnswered(ElicitationAnswered event) {
    String content = state.open(ElicitationAnswered.class, "content", event.content());
    Optional<JsonNode> form =
        content.isEmpty() ? Optional.empty() : Optional.of(JSON.readTree(content));
    return new ElicitationAnswer(event.answer(), form);
  }

  /** Hooks may have the server told something else. */
  private void review(Open asked, ActionId action, ElicitationAnswer elicitationAnswer) {
    Consumer<HookResult> callback =
        result -> executor.accept(() -> reviewed(asked, action, elicitationAnswer, result));
    if (!hooks.answered(
        asked.server(), asked.call(), asked.wanted(), elicitationAnswer, callback)) {
      sendAnswer(action, elicitationAnswer);
    }
  }

  private void reviewed(
      Open asked, ActionId action, ElicitationAnswer elicitationAnswer, HookResult result) {
    ElicitationAnswer told =
        ElicitationHooks.answer(result, asked.wanted(), elicitationAnswer.content())
            .orElse(elicitationAnswer);
    List<Output> outputs = new ArrayList<>(result.executions());
    if (!told.equals(elicitationAnswer)) {
      outputs.add(new Output.Revise(action, told.answer(), json(told)));
    }
    if (open.containsKey(action)) {
      recorder.record(asked.run(), outputs);
      sendAnswer(action, told);
    }
  }

  private void sendAnswer(ActionId action, ElicitationAnswer elicitationAnswer) {
    Open asked = open.remove(action);
    if (asked == null) return;
    String id = asked.wanted().elicitationId();
    if (!id.isEmpty() && elicitationAnswer.answer() == Answer.ACCEPT) {
      answered.put(asked.server() + "/" + id, new Answered(asked.run(), action));
      if (answered.size() > REMEMBERED_MAX) {
        answered.remove(answered.keySet().iterator().next());
      }
    }
    asked.answer().complete(elicitationAnswer);
  }

  private void done(String server, String elicitationId) {
    Answered known = answered.remove(server + "/" + elicitationId);
    if (known != null) {
      recorder.record(known.run(), List.of(new Output.CompleteElicitation(known.action())));
      return;
    }
    // It was seen to before the user said so: nobody has to say it any more.
    open.entrySet().stream()
        .filter(each -> each.getValue().server().equals(server))
        .filter(each -> each.getValue().wanted().elicitationId().equals(elicitationId))
        .map(Map.Entry::getKey)
        .findFirst()
        .ifPresent(action -> end(action, End.WITHDRAWN));
  }

  private void end(ActionId action, End end) {
    Open asked = open.remove(action);
    if (asked == null) return;
    asked.answer().complete(ElicitationAnswer.CANCELLED);
    recorder.record(asked.run(), List.of(new Output.EndElicitation(action, end)));
  }

  /** The call has its answer: what its server asked is of no use any more. */
  void onCallEnded(ToolCallId call) {
    List.copyOf(open.entrySet()).stream()
        .filter(each -> each.getValue().call().equals(call))
        .forEach(each -> end(each.getKey(), End.WITHDRAWN));
  }

  /** The connections of an earlier life of this node are gone, and who asked over them. */
  void resume() {
    Optional<RunId> run = recorder.run();
    List<Output> ends = new ArrayList<>();
    for (ActionId action : state.elicitations().open()) {
      ends.add(new Output.EndElicitation(action, End.CONNECTION_LOST));
    }
    if (run.isPresent() && !ends.isEmpty()) recorder.record(run.get(), ends);
  }

  /** The run is over, and with it what its servers asked. */
  void clear() {
    List.copyOf(open.values())
        .forEach(asked -> asked.answer().complete(ElicitationAnswer.CANCELLED));
    open.clear();
  }
}
