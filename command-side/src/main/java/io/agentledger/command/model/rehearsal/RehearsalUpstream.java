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
  public Mono<Void> send(ModelRequest request, Function<ModelResponse, Publisher<Void>> pass) {
    return Mono.fromCallable(() -> answer(request))
        .subscribeOn(threads)
        .flatMap(modelResponse -> Mono.from(pass.apply(modelResponse)));
  }

  private ModelResponse answer(ModelRequest request) {
    JsonNode body;
    try {
      body = JSON.readTree(request.body());
    } catch (JacksonException e) {
      return new ApiError(400, "The request body is not valid JSON.").answer();
    }
    return switch (request.operation()) {
      case COUNT_TOKENS ->
          json(
              JSON.writeValueAsBytes(
                  Map.of("input_tokens", ScenarioPlayer.tokens(request.body().length))));
      case MESSAGES -> messages(request, body);
    };
  }

  private ModelResponse messages(ModelRequest request, JsonNode body) {
    if (!body.path("messages").isArray() || body.path("messages").isEmpty()) {
      return new ApiError(400, "messages: at least one message is required").answer();
    }
    var conversation = new ConversationView(body);
    var player = new ScenarioPlayer(conversation, request.body().length, pacePercent);
    try {
      return played(request, conversation, player);
    } catch (InvalidScenarioException e) {
      String text = "This rehearsal cannot be played.\n" + e.getMessage();
      return spoken(player.textResponse(text, null), conversation, null);
    } catch (RegexGuardedText.RegexTimeoutException | StackOverflowError e) {
      String text = "This rehearsal cannot be played: one of its patterns takes too long.";
      return spoken(player.textResponse(text, null), conversation, null);
    }
  }

  private ModelResponse played(
      ModelRequest request, ConversationView conversation, ScenarioPlayer player) {
    Named named = scenarios.choose(conversation.prompt());
    Step step = player.step(named.scenario()).orElse(null);
    if (step == null) {
      String text = "The rehearsal scenario '" + named.name() + "' has no further step.";
      return spoken(player.textResponse(text, null), conversation, null);
    }
    String place =
        request.caller().processId().value()
            + "/"
            + named.name()
            + "/"
            + conversation.answers()
            + "/"
            + conversation.prompt().hashCode();
    Fail fail = step.fail();
    if (fail != null && happens(place + "/fail", fail.times())) return failed(fail);
    Break broken = conversation.streamed() ? step.broken() : null;
    Truncation truncation =
        broken != null && happens(place + "/break", broken.times())
            ? new Truncation(broken.after(), broken.how() == Break.How.ERROR)
            : null;
    return spoken(player.play(step, named.scenario().pace()), conversation, truncation);
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
    ModelResponse modelResponse = new ApiError(fail.status(), message).answer();
    if (fail.retryAfter() > 0)
      modelResponse.headers().set("retry-after", Integer.toString(fail.retryAfter()));
    modelResponse.headers().set("request-id", ScenarioPlayer.newId("req_rehearsal"));
    return modelResponse;
  }

  private static ModelResponse spoken(
      ScriptedResponse scriptedResponse,
      ConversationView conversation,
      @Nullable Truncation truncation) {
    var responseWriter = new ResponseWriter(scriptedResponse);
    if (!conversation.streamed()) {
      ModelResponse modelResponse = json(responseWriter.whole());
      return new ModelResponse(
          200,
          modelResponse.headers(),
          Flux.concat(
              Mono.delay(scriptedResponse.tempo().first()).then(Mono.empty()),
              modelResponse.body()));
    }
    return new ModelResponse(
        200, headers("text/event-stream; charset=utf-8"), responseWriter.stream(truncation));
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
