package io.agentledger.gateway.session.input;

import io.agentledger.api.session.SessionId;
import io.agentledger.gateway.session.SessionService;
import io.agentledger.gateway.session.stream.StreamSubscription;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.DeniedRequestRecorder;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.problem.Problem;
import io.agentledger.gateway.support.problem.ProblemMapper;
import io.agentledger.gateway.support.security.CallRateLimiter;
import io.agentledger.gateway.support.validation.RequestValidator;
import io.agentledger.gateway.support.web.IdempotencyKeys;
import io.agentledger.gateway.support.web.RequestContext;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/**
 * Talking in a session over one connection: each word of the client is an input, taken in one after
 * the other, and is answered between the items of the stream with {@code receipt}, {@code error} or
 * {@code pong}. A {@code ref} of the client's comes back with the answer.
 */
@Component
public class SessionMessageHandler {
  private static final int REF_LENGTH_MAX = 64;

  private final MessageGateway bus;
  private final SessionService door;
  private final DeniedRequestRecorder refusals;
  private final WireJson json;
  private final RequestValidator checks;
  private final IdempotencyKeys idempotencies;
  private final CallRateLimiter calls;

  SessionMessageHandler(
      MessageGateway bus,
      SessionService door,
      WireJson json,
      RequestValidator checks,
      IdempotencyKeys idempotencies,
      CallRateLimiter calls,
      DeniedRequestRecorder refusals) {
    this.bus = bus;
    this.calls = calls;
    this.refusals = refusals;
    this.door = door;
    this.json = json;
    this.checks = checks;
    this.idempotencies = idempotencies;
  }

  /**
   * Takes the words in until there are no more; a bad one is answered and the next one heard. The
   * next one is not heard before the answer has been taken: who does not read is not listened to.
   */
  public Mono<Void> hear(
      RequestContext visit, SessionId session, Flux<String> words, StreamSubscription<?> answers) {
    return words.concatMap(word -> hear(visit, session, word, answers), 1).then();
  }

  private Mono<Void> hear(
      RequestContext visit, SessionId session, String word, StreamSubscription<?> answers) {
    return bus.aside(
            () ->
                calls
                    .takeOrRefuse(visit.caller())
                    .then(Mono.defer(() -> take(visit, session, json.object(word))))
                    .onErrorResume(failure -> Mono.just(error(failure, visit, ref(word)))))
        .flatMap(answer -> answers.say(json.bytes(answer)));
  }

  private Mono<ObjectNode> take(RequestContext visit, SessionId session, ObjectNode word) {
    var ref = refIn(word);
    if ("ping".equals(word.path("type").asString(""))) {
      onlyType(word);
      return Mono.just(answer("pong", ref));
    }
    var key = WireJson.text(word, "idempotency_key");
    var body = checks.check(json.read(word, SessionInputRequest.class));
    var idempotency = idempotencies.of(key, "converse " + session, body);
    return door.say(visit, session, InputBatch.alone(body), idempotency)
        .map(receipt -> answer("receipt", ref).setAll(json.tree(receipt)));
  }

  private static void onlyType(ObjectNode word) {
    for (var name : word.propertyNames())
      if (!name.equals("type"))
        throw InvalidRequestException.body("/" + name, "is not a known field");
  }

  /** What went wrong with a word, as an item of its own. */
  public ObjectNode error(Throwable failure, RequestContext visit, @Nullable String ref) {
    var problem = ProblemMapper.of(failure, visit.requestId());
    refusals.count(visit, "converse", problem);
    return answer("error", ref).setAll(fields(problem));
  }

  private ObjectNode fields(Problem problem) {
    var fields = json.tree(problem);
    fields.remove("type");
    return fields;
  }

  private ObjectNode answer(String type, @Nullable String ref) {
    var answer = json.mapper().createObjectNode().put("type", type);
    return ref == null ? answer : answer.put("ref", ref);
  }

  private @Nullable String ref(String word) {
    try {
      return refIn(json.object(word));
    } catch (InvalidRequestException unreadable) {
      return null;
    }
  }

  private static @Nullable String refIn(ObjectNode word) {
    var ref = WireJson.text(word, "ref");
    if (ref != null && ref.length() > REF_LENGTH_MAX)
      throw InvalidRequestException.body("/ref", "must be at most 64 characters");
    return ref;
  }
}
