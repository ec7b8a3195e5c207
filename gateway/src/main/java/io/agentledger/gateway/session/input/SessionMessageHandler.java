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

  private final MessageGateway messageGateway;
  private final SessionService sessionService;
  private final DeniedRequestRecorder deniedRequestRecorder;
  private final WireJson json;
  private final RequestValidator validator;
  private final IdempotencyKeys idempotencyKeys;
  private final CallRateLimiter calls;

  SessionMessageHandler(
      MessageGateway messageGateway,
      SessionService sessionService,
      WireJson json,
      RequestValidator validator,
      IdempotencyKeys idempotencyKeys,
      CallRateLimiter calls,
      DeniedRequestRecorder deniedRequestRecorder) {
    this.messageGateway = messageGateway;
    this.calls = calls;
    this.deniedRequestRecorder = deniedRequestRecorder;
    this.sessionService = sessionService;
    this.json = json;
    this.validator = validator;
    this.idempotencyKeys = idempotencyKeys;
  }

  /**
   * Takes the words in until there are no more; a bad one is answered and the next one heard. The
   * next one is not heard before the answer has been taken: who does not read is not listened to.
   */
  public Mono<Void> handle(
      RequestContext context,
      SessionId session,
      Flux<String> words,
      StreamSubscription<?> answers) {
    return words.concatMap(word -> handle(context, session, word, answers), 1).then();
  }

  private Mono<Void> handle(
      RequestContext context, SessionId session, String word, StreamSubscription<?> answers) {
    return messageGateway
        .offload(
            () ->
                calls
                    .acquireOrReject(context.caller())
                    .then(Mono.defer(() -> process(context, session, json.object(word))))
                    .onErrorResume(failure -> Mono.just(error(failure, context, ref(word)))))
        .flatMap(answer -> answers.send(json.bytes(answer)));
  }

  private Mono<ObjectNode> process(RequestContext context, SessionId session, ObjectNode word) {
    var ref = refIn(word);
    if ("ping".equals(word.path("type").asString(""))) {
      onlyType(word);
      return Mono.just(answer("pong", ref));
    }
    var key = WireJson.text(word, "idempotency_key");
    var sessionInputRequest = validator.check(json.read(word, SessionInputRequest.class));
    var idempotency = idempotencyKeys.create(key, "converse " + session, sessionInputRequest);
    return sessionService
        .submitInputs(context, session, InputBatch.single(sessionInputRequest), idempotency)
        .map(result -> answer("receipt", ref).setAll(json.tree(result)));
  }

  private static void onlyType(ObjectNode word) {
    for (var name : word.propertyNames())
      if (!name.equals("type"))
        throw InvalidRequestException.body("/" + name, "is not a known field");
  }

  /** What went wrong with a word, as an item of its own. */
  public ObjectNode error(Throwable failure, RequestContext context, @Nullable String ref) {
    var problem = ProblemMapper.toProblem(failure, context.requestId());
    deniedRequestRecorder.count(context, "converse", problem);
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
