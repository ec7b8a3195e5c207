package io.agentledger.gateway.session;

import io.agentledger.api.session.SessionId;
import io.agentledger.gateway.session.stream.Follower;
import io.agentledger.gateway.support.Bus;
import io.agentledger.gateway.support.Calls;
import io.agentledger.gateway.support.Checks;
import io.agentledger.gateway.support.Idempotencies;
import io.agentledger.gateway.support.Invalid;
import io.agentledger.gateway.support.Problem;
import io.agentledger.gateway.support.Problems;
import io.agentledger.gateway.support.Refusals;
import io.agentledger.gateway.support.Visit;
import io.agentledger.gateway.support.WireJson;
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
class Conversation {
  private static final int REF_LENGTH_MAX = 64;

  private final Bus bus;
  private final SessionDoor door;
  private final Refusals refusals;
  private final WireJson json;
  private final Checks checks;
  private final Idempotencies idempotencies;
  private final Calls calls;

  Conversation(
      Bus bus,
      SessionDoor door,
      WireJson json,
      Checks checks,
      Idempotencies idempotencies,
      Calls calls,
      Refusals refusals) {
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
  Mono<Void> hear(Visit visit, SessionId session, Flux<String> words, Follower<?> answers) {
    return words.concatMap(word -> hear(visit, session, word, answers), 1).then();
  }

  private Mono<Void> hear(Visit visit, SessionId session, String word, Follower<?> answers) {
    return bus.aside(
            () ->
                calls
                    .takeOrRefuse(visit.caller())
                    .then(Mono.defer(() -> take(visit, session, json.object(word))))
                    .onErrorResume(failure -> Mono.just(error(failure, visit, ref(word)))))
        .flatMap(answer -> answers.say(json.bytes(answer)));
  }

  private Mono<ObjectNode> take(Visit visit, SessionId session, ObjectNode word) {
    var ref = refIn(word);
    if ("ping".equals(word.path("type").asString(""))) {
      onlyType(word);
      return Mono.just(answer("pong", ref));
    }
    var key = WireJson.text(word, "idempotency_key");
    var body = checks.check(json.read(word, InputBody.class));
    var idempotency = idempotencies.of(key, "converse " + session, body);
    return door.say(visit, session, DirectoryDoor.Said.alone(body), idempotency)
        .map(receipt -> answer("receipt", ref).setAll(json.tree(receipt)));
  }

  private static void onlyType(ObjectNode word) {
    for (var name : word.propertyNames())
      if (!name.equals("type")) throw Invalid.body("/" + name, "is not a known field");
  }

  /** What went wrong with a word, as an item of its own. */
  ObjectNode error(Throwable failure, Visit visit, @Nullable String ref) {
    var problem = Problems.of(failure, visit.requestId());
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
    } catch (Invalid unreadable) {
      return null;
    }
  }

  private static @Nullable String refIn(ObjectNode word) {
    var ref = WireJson.text(word, "ref");
    if (ref != null && ref.length() > REF_LENGTH_MAX)
      throw Invalid.body("/ref", "must be at most 64 characters");
    return ref;
  }
}
