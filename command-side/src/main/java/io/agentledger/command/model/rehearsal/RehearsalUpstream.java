package io.agentledger.command.model.rehearsal;

import io.agentledger.api.model.Upstream;
import io.agentledger.command.model.ApiError;
import io.agentledger.command.model.ModelRequest;
import io.agentledger.command.model.ModelResponse;
import io.agentledger.command.model.ModelUpstream;
import io.agentledger.command.model.rehearsal.ResponseWriter.Truncation;
import io.agentledger.command.model.rehearsal.Scenario.Break;
import io.agentledger.command.model.rehearsal.Scenario.Fail;
import io.agentledger.command.model.rehearsal.Scenario.Step;
import io.agentledger.command.model.rehearsal.ScenarioRegistry.Named;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A model that plays scenarios: no key, no cost, no chance. Everything around it is real, so that a
 * whole system can be tried, shown and tested. Labelled as a rehearsal wherever it is named.
 */
public final class RehearsalUpstream implements ModelUpstream {
  private static final int MISHAP_COUNT_MAX = 10_000;
  private static final JsonMapper JSON = new JsonMapper();

  /** Patterns and large bodies take their time; a shared pool could be held by the very callers. */
  private final Scheduler threads =
      Schedulers.fromExecutor(Executors.newVirtualThreadPerTaskExecutor());

  private final ScenarioRegistry scenarios;
  private final int pacePercent;
  private final Map<String, Integer> mishaps = new LinkedHashMap<>();

  /** {@code pacePercent} scales every pause of every scenario; 0 leaves them out. */
  public RehearsalUpstream(ScenarioRegistry scenarios, int pacePercent) {
    this.scenarios = scenarios;
    this.pacePercent = pacePercent;
  }

  @Override
  public Upstream kind() {
    return Upstream.REHEARSAL;
  }

  @Override
  public Mono<Void> ask(ModelRequest ask, Function<ModelResponse, Publisher<Void>> pass) {
    return Mono.fromCallable(() -> answer(ask))
        .subscribeOn(threads)
        .flatMap(answer -> Mono.from(pass.apply(answer)));
  }

  private ModelResponse answer(ModelRequest ask) {
    JsonNode body;
    try {
      body = JSON.readTree(ask.body());
    } catch (JacksonException e) {
      return new ApiError(400, "The request body is not valid JSON.").answer();
    }
    return switch (ask.operation()) {
      case COUNT_TOKENS ->
          json(
              JSON.writeValueAsBytes(
                  Map.of("input_tokens", ScenarioPlayer.tokens(ask.body().length))));
      case MESSAGES -> messages(ask, body);
    };
  }

  private ModelResponse messages(ModelRequest ask, JsonNode body) {
    if (!body.path("messages").isArray() || body.path("messages").isEmpty()) {
      return new ApiError(400, "messages: at least one message is required").answer();
    }
    var conversation = new ConversationView(body);
    var player = new ScenarioPlayer(conversation, ask.body().length, pacePercent);
    try {
      return played(ask, conversation, player);
    } catch (InvalidScenarioException e) {
      String text = "This rehearsal cannot be played.\n" + e.getMessage();
      return spoken(player.saying(text, null), conversation, null);
    } catch (RegexGuardedText.RegexTimeoutException | StackOverflowError e) {
      String text = "This rehearsal cannot be played: one of its patterns takes too long.";
      return spoken(player.saying(text, null), conversation, null);
    }
  }

  private ModelResponse played(
      ModelRequest ask, ConversationView conversation, ScenarioPlayer player) {
    Named named = scenarios.choose(conversation.prompt());
    Step step = player.step(named.scenario()).orElse(null);
    if (step == null) {
      String text = "The rehearsal scenario '" + named.name() + "' has no further step.";
      return spoken(player.saying(text, null), conversation, null);
    }
    String place =
        ask.caller().processId().value()
            + "/"
            + named.name()
            + "/"
            + conversation.answers()
            + "/"
            + conversation.prompt().hashCode();
    Fail fail = step.fail();
    if (fail != null && happens(place + "/fail", fail.times())) return failed(fail);
    Break broken = conversation.streamed() ? step.broken() : null;
    Truncation off =
        broken != null && happens(place + "/break", broken.times())
            ? new Truncation(broken.after(), broken.how() == Break.How.ERROR)
            : null;
    return spoken(player.play(step, named.scenario().pace()), conversation, off);
  }

  /** Counts a mishap at its place; {@code times} 0 is every time. */
  private boolean happens(String place, int times) {
    if (times == 0) return true;
    synchronized (mishaps) {
      int before = mishaps.getOrDefault(place, 0);
      mishaps.put(place, before + 1);
      if (mishaps.size() > MISHAP_COUNT_MAX) mishaps.remove(mishaps.keySet().iterator().next());
      return before < times;
    }
  }

  private static ModelResponse failed(Fail fail) {
    String message = fail.message() == null ? "This error is rehearsed." : fail.message();
    ModelResponse answer = new ApiError(fail.status(), message).answer();
    if (fail.retryAfter() > 0)
      answer.headers().set("retry-after", Integer.toString(fail.retryAfter()));
    answer.headers().set("request-id", ScenarioPlayer.newId("req_rehearsal"));
    return answer;
  }

  private static ModelResponse spoken(
      ScriptedResponse act, ConversationView conversation, @Nullable Truncation broken) {
    var performance = new ResponseWriter(act);
    if (!conversation.streamed()) {
      ModelResponse answer = json(performance.whole());
      return new ModelResponse(
          200,
          answer.headers(),
          Flux.concat(Mono.delay(act.tempo().first()).then(Mono.empty()), answer.body()));
    }
    return new ModelResponse(
        200, headers("text/event-stream; charset=utf-8"), performance.stream(broken));
  }

  private static ModelResponse json(byte[] body) {
    HttpHeaders headers = headers("application/json");
    return new ModelResponse(
        200, headers, Flux.defer(() -> Flux.just(Unpooled.wrappedBuffer(body))));
  }

  private static HttpHeaders headers(String contentType) {
    return new DefaultHttpHeaders()
        .set("content-type", contentType)
        .set("cache-control", "no-cache")
        .set("request-id", ScenarioPlayer.newId("req_rehearsal"));
  }
}
