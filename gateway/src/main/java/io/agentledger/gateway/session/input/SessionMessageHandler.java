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
import io.agentledger.gateway.support.web.IdempotencyKeys;
import io.agentledger.gateway.support.web.RequestContext;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/**
 * Handles the messages of a client on one connection: each message is an input, processed one after
 * the other, and answered between the items of the stream with {@code receipt}, {@code error} or
 * {@code pong}. The answer contains the {@code ref} of the message.
 */
@Component
public class SessionMessageHandler {
  private static final int REF_LENGTH_MAX = 64;

  private final MessageGateway messageGateway;
  private final SessionService sessionService;
  private final DeniedRequestRecorder deniedRequestRecorder;
  private final WireJson json;
  private final IdempotencyKeys idempotencyKeys;
  private final CallRateLimiter rateLimiter;

  SessionMessageHandler(
      MessageGateway messageGateway,
      SessionService sessionService,
      WireJson json,
      IdempotencyKeys idempotencyKeys,
      CallRateLimiter rateLimiter,
      DeniedRequestRecorder deniedRequestRecorder) {
    this.messageGateway = messageGateway;
    this.rateLimiter = rateLimiter;
    this.deniedRequestRecorder = deniedRequestRecorder;
    this.sessionService = sessionService;
    this.json = json;
    this.idempotencyKeys = idempotencyKeys;
  }

  /**
   * Processes messages until there are no more; an invalid message is answered with an error. The
   * next message is not read before the answer has been consumed, which limits clients that do not
   * read.
   */
  public Mono<Void> handle(
      RequestContext context,
      SessionId session,
      Flux<String> messages,
      StreamSubscription<?> subscription) {
    return messages.concatMap(message -> handle(context, session, message, subscription), 1).then();
  }

  private Mono<Void> handle(
      RequestContext context,
      SessionId session,
      String message,
      StreamSubscription<?> subscription) {
    return messageGateway
        .offload(
            () ->
                rateLimiter
                    .acquireOrReject(context.caller())
                    .then(Mono.defer(() -> process(context, session, json.parseObject(message))))
                    .onErrorResume(
                        failure -> Mono.just(toErrorMessage(failure, context, findRef(message)))))
        .flatMap(reply -> subscription.send(json.toBytes(reply)));
  }

  private Mono<ObjectNode> process(RequestContext context, SessionId session, ObjectNode message) {
    var ref = parseRef(message);
    if ("ping".equals(message.path("type").asString(""))) {
      rejectOtherFields(message);
      return Mono.just(createReply("pong", ref));
    }
    var key = WireJson.removeText(message, "idempotency_key");
    var sessionInputRequest = json.read(message, SessionInputRequest.class);
    var idempotency = idempotencyKeys.create(key, "converse " + session, sessionInputRequest);
    return sessionService
        .submitInputs(context, session, InputBatch.single(sessionInputRequest), idempotency)
        .map(result -> createReply("receipt", ref).setAll(json.toTree(result)));
  }

  private static void rejectOtherFields(ObjectNode message) {
    for (var name : message.propertyNames())
      if (!name.equals("type"))
        throw InvalidRequestException.body("/" + name, "is not a known field");
  }

  /** Creates the error message for a failed input. */
  public ObjectNode toErrorMessage(
      Throwable failure, RequestContext context, @Nullable String ref) {
    var problem = ProblemMapper.toProblem(failure, context.requestId());
    deniedRequestRecorder.recordDenial(context, "converse", problem);
    return createReply("error", ref).setAll(toFields(problem));
  }

  private ObjectNode toFields(Problem problem) {
    var fields = json.toTree(problem);
    fields.remove("type");
    return fields;
  }

  private ObjectNode createReply(String type, @Nullable String ref) {
    var reply = json.mapper().createObjectNode().put("type", type);
    return ref == null ? reply : reply.put("ref", ref);
  }

  private @Nullable String findRef(String message) {
    try {
      return parseRef(json.parseObject(message));
    } catch (InvalidRequestException exception) {
      return null;
    }
  }

  private static @Nullable String parseRef(ObjectNode message) {
    var ref = WireJson.removeText(message, "ref");
    if (ref != null && ref.length() > REF_LENGTH_MAX)
      throw InvalidRequestException.body("/ref", "must be at most 64 characters");
    return ref;
  }
}
