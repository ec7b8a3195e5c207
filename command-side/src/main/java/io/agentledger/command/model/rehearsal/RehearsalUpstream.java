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
import io.agentledger.command.model.rehearsal.ScenarioRegistry.NamedScenario;
import io.agentledger.store.support.UntrustedJson;
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
 * Upstream that plays scripted scenarios, deterministically and without a key or cost. All other
 * parts are real, so that the whole system can be tried and tested. It is always labelled as a
 * rehearsal.
 */
public final class RehearsalUpstream implements ModelUpstream {
  private static final int MISHAP_COUNT_MAX = 10_000;
  private static final JsonMapper JSON = UntrustedJson.MAPPER;

  /**
   * Separate threads, because patterns and large bodies take time and could block a shared pool.
   */
  private final Scheduler threads =
      Schedulers.fromExecutor(Executors.newVirtualThreadPerTaskExecutor());

  private final ScenarioRegistry scenarios;
  private final int pacePercent;
  private final Map<String, Integer> failureCounts = new LinkedHashMap<>();

  /**
   * Creates an upstream. {@code pacePercent} scales every pause of every scenario; 0 removes the
   * pauses.
   */
  public RehearsalUpstream(ScenarioRegistry scenarios, int pacePercent) {
    this.scenarios = scenarios;
    this.pacePercent = pacePercent;
  }

  @Override
  public Upstream upstream() {
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
      return new ApiError(400, "The request body is not valid JSON.").toResponse();
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
      return new ApiError(400, "messages: at least one message is required").toResponse();
    }
    var conversation = new ConversationView(body);
    var player = new ScenarioPlayer(conversation, request.body().length, pacePercent);
    var search = RehearsedSearch.find(conversation);
    if (search.isPresent())
      return toResponse(player.searchResponse(search.get()), conversation, null);
    try {
      return play(request, conversation, player);
    } catch (InvalidScenarioException e) {
      String text = "This rehearsal cannot be played.\n" + e.getMessage();
      return toResponse(player.textResponse(text, null), conversation, null);
    } catch (RegexGuardedText.RegexTimeoutException | StackOverflowError e) {
      String text = "This rehearsal cannot be played: one of its patterns takes too long.";
      return toResponse(player.textResponse(text, null), conversation, null);
    }
  }

  private ModelResponse play(
      ModelRequest request, ConversationView conversation, ScenarioPlayer player) {
    NamedScenario named = scenarios.choose(conversation.prompt());
    Step step = player.chooseStep(named.scenario()).orElse(null);
    if (step == null) {
      String text = "The rehearsal scenario '" + named.name() + "' has no further step.";
      return toResponse(player.textResponse(text, null), conversation, null);
    }
    String path =
        request.process().processId().value()
            + "/"
            + named.name()
            + "/"
            + conversation.answerCount()
            + "/"
            + conversation.prompt().hashCode();
    Fail fail = step.fail();
    if (fail != null && countAndCheckMishap(path + "/fail", fail.times()))
      return errorResponse(fail);
    Break broken = conversation.isStreamed() ? step.broken() : null;
    Truncation truncation =
        broken != null && countAndCheckMishap(path + "/break", broken.times())
            ? new Truncation(broken.after(), broken.how() == Break.How.ERROR)
            : null;
    return toResponse(player.play(step, named.scenario().pace()), conversation, truncation);
  }

  /**
   * Counts a scripted failure and returns whether it happens now; {@code times} 0 means every time.
   */
  private boolean countAndCheckMishap(String path, int times) {
    if (times == 0) return true;
    synchronized (failureCounts) {
      int before = failureCounts.getOrDefault(path, 0);
      failureCounts.put(path, before + 1);
      if (failureCounts.size() > MISHAP_COUNT_MAX)
        failureCounts.remove(failureCounts.keySet().iterator().next());
      return before < times;
    }
  }

  private static ModelResponse errorResponse(Fail fail) {
    String message = fail.message() == null ? "This error is rehearsed." : fail.message();
    ModelResponse modelResponse = new ApiError(fail.status(), message).toResponse();
    if (fail.retryAfter() > 0)
      modelResponse.headers().set("retry-after", Integer.toString(fail.retryAfter()));
    modelResponse.headers().set("request-id", ScenarioPlayer.newId("req_rehearsal"));
    return modelResponse;
  }

  private static ModelResponse toResponse(
      ScriptedResponse scriptedResponse,
      ConversationView conversation,
      @Nullable Truncation truncation) {
    var responseWriter = new ResponseWriter(scriptedResponse);
    if (!conversation.isStreamed()) {
      ModelResponse modelResponse = json(responseWriter.toJson());
      return new ModelResponse(
          200,
          modelResponse.headers(),
          Flux.concat(
              Mono.delay(scriptedResponse.timing().first()).then(Mono.empty()),
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
