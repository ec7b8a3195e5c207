package io.agentledger.command.model.rehearsal;

import io.agentledger.api.model.Upstream;
import io.agentledger.command.model.Answer;
import io.agentledger.command.model.ApiError;
import io.agentledger.command.model.Ask;
import io.agentledger.command.model.ModelUpstream;
import io.agentledger.command.model.rehearsal.Performance.BrokenOff;
import io.agentledger.command.model.rehearsal.Scenario.Break;
import io.agentledger.command.model.rehearsal.Scenario.Fail;
import io.agentledger.command.model.rehearsal.Scenario.Step;
import io.agentledger.command.model.rehearsal.Scenarios.Named;
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

  private final Scenarios scenarios;
  private final int pacePercent;
  private final Map<String, Integer> mishaps = new LinkedHashMap<>();

  /** {@code pacePercent} scales every pause of every scenario; 0 leaves them out. */
  public RehearsalUpstream(Scenarios scenarios, int pacePercent) {
    this.scenarios = scenarios;
    this.pacePercent = pacePercent;
  }

  @Override
  public Upstream kind() {
    return Upstream.REHEARSAL;
  }

  @Override
  public Mono<Void> ask(Ask ask, Function<Answer, Publisher<Void>> pass) {
    return Mono.fromCallable(() -> answer(ask))
        .subscribeOn(threads)
        .flatMap(answer -> Mono.from(pass.apply(answer)));
  }

  private Answer answer(Ask ask) {
    JsonNode body;
    try {
      body = JSON.readTree(ask.body());
    } catch (JacksonException e) {
      return new ApiError(400, "The request body is not valid JSON.").answer();
    }
    return switch (ask.operation()) {
      case COUNT_TOKENS ->
          json(JSON.writeValueAsBytes(Map.of("input_tokens", Player.tokens(ask.body().length))));
      case MESSAGES -> messages(ask, body);
    };
  }

  private Answer messages(Ask ask, JsonNode body) {
    if (!body.path("messages").isArray() || body.path("messages").isEmpty()) {
      return new ApiError(400, "messages: at least one message is required").answer();
    }
    var conversation = new Conversation(body);
    var player = new Player(conversation, ask.body().length, pacePercent);
    try {
      return played(ask, conversation, player);
    } catch (InvalidScenario e) {
      String text = "This rehearsal cannot be played.\n" + e.getMessage();
      return spoken(player.saying(text, null), conversation, null);
    } catch (BoundedText.Unending | StackOverflowError e) {
      String text = "This rehearsal cannot be played: one of its patterns takes too long.";
      return spoken(player.saying(text, null), conversation, null);
    }
  }

  private Answer played(Ask ask, Conversation conversation, Player player) {
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
    BrokenOff off =
        broken != null && happens(place + "/break", broken.times())
            ? new BrokenOff(broken.after(), broken.how() == Break.How.ERROR)
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

  private static Answer failed(Fail fail) {
    String message = fail.message() == null ? "This error is rehearsed." : fail.message();
    Answer answer = new ApiError(fail.status(), message).answer();
    if (fail.retryAfter() > 0)
      answer.headers().set("retry-after", Integer.toString(fail.retryAfter()));
    answer.headers().set("request-id", Player.newId("req_rehearsal"));
    return answer;
  }

  private static Answer spoken(Act act, Conversation conversation, @Nullable BrokenOff broken) {
    var performance = new Performance(act);
    if (!conversation.streamed()) {
      Answer answer = json(performance.whole());
      return new Answer(
          200,
          answer.headers(),
          Flux.concat(Mono.delay(act.tempo().first()).then(Mono.empty()), answer.body()));
    }
    return new Answer(200, headers("text/event-stream; charset=utf-8"), performance.stream(broken));
  }

  private static Answer json(byte[] body) {
    HttpHeaders headers = headers("application/json");
    return new Answer(200, headers, Flux.defer(() -> Flux.just(Unpooled.wrappedBuffer(body))));
  }

  private static HttpHeaders headers(String contentType) {
    return new DefaultHttpHeaders()
        .set("content-type", contentType)
        .set("cache-control", "no-cache")
        .set("request-id", Player.newId("req_rehearsal"));
  }
}
