package io.agentledger.gateway.session;

import io.agentledger.api.session.Activity;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.Stage;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.query.QueryView;
import io.agentledger.api.session.query.SessionQuery.ListSessions;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.gateway.session.input.SessionMessageHandler;
import io.agentledger.gateway.session.query.CreateQueryRequest;
import io.agentledger.gateway.session.query.QueryInNewSessionRequest;
import io.agentledger.gateway.session.stream.ClientChannel;
import io.agentledger.gateway.session.stream.SessionStreamRegistry;
import io.agentledger.gateway.session.stream.StreamRequest;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.validation.RequestValidator;
import io.agentledger.gateway.support.web.IdempotencyKeys;
import io.agentledger.gateway.support.web.Pagination;
import io.agentledger.gateway.support.web.RequestContext;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.stereotype.Controller;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** Sessions over RSocket. Data is JSON both ways, with the fields of REST. */
@Controller
public class SessionRSocketController {
  private final SessionService door;
  private final SessionStreamRegistry logs;
  private final SessionMessageHandler conversation;
  private final MessageGateway bus;
  private final WireJson json;
  private final RequestValidator checks;
  private final IdempotencyKeys idempotencies;

  SessionRSocketController(
      SessionService door,
      SessionStreamRegistry logs,
      SessionMessageHandler conversation,
      MessageGateway bus,
      WireJson json,
      RequestValidator checks,
      IdempotencyKeys idempotencies) {
    this.door = door;
    this.logs = logs;
    this.conversation = conversation;
    this.bus = bus;
    this.json = json;
    this.checks = checks;
    this.idempotencies = idempotencies;
  }

  /** Which page; null is the default. */
  record ListParams(
      @Nullable Activity activity,
      @Nullable Set<@Nullable Stage> stage,
      @Nullable String tag,
      @Nullable String permissionMode,
      @Nullable String executor,
      @Nullable String owner,
      @Nullable String agent,
      @Nullable String from,
      @Nullable String to,
      @Nullable String text,
      @Nullable Integer limit,
      @Nullable String cursor) {
    SessionListParams wish() {
      return new SessionListParams(permissionMode, executor, owner, agent, from, to, text);
    }
  }

  /** One session. */
  record SessionParams(@Nullable SessionId id) {}

  /** Where a stream begins; null is now. */
  record StreamParams(@Nullable Long after) {}

  @MessageMapping("sessions.open")
  Mono<byte[]> open(@Payload(required = false) byte @Nullable [] data, RequestContext visit) {
    var fields = json.object(data);
    var key = WireJson.text(fields, "idempotency_key");
    var wish = checks.check(json.read(fields, CreateSessionRequest.class));
    return door.open(visit, wish, idempotencies.of(key, "sessions.open", wish))
        .flatMap(id -> door.find(visit, id))
        .map(json::bytes);
  }

  @MessageMapping("sessions.get")
  Mono<byte[]> find(@Payload(required = false) byte @Nullable [] data, RequestContext visit) {
    var id = json.read(json.object(data), SessionParams.class).id();
    if (id == null) throw InvalidRequestException.body("/id", "must be given");
    return door.find(visit, id).map(json::bytes);
  }

  @MessageMapping("sessions.list")
  Mono<byte[]> list(@Payload(required = false) byte @Nullable [] data, RequestContext visit) {
    var which = json.read(json.object(data), ListParams.class);
    var page = Pagination.page(which.limit(), which.cursor());
    var wanted =
        SessionFilters.sessions(which.activity(), which.stage(), which.tag(), which.wish());
    return bus.askPage(visit, new ListSessions(visit.tenant(), wanted, page)).map(json::bytes);
  }

  /** With {@code session_id} in that session, else in one that it opens. */
  @MessageMapping("query")
  Flux<DataBuffer> query(@Payload(required = false) byte @Nullable [] data, RequestContext visit) {
    return bus.aside(() -> ask(visit, json.object(data)))
        .flatMapMany(query -> follow(StreamRequest.of(visit, query)));
  }

  private Mono<QueryView> ask(RequestContext visit, ObjectNode fields) {
    var key = WireJson.text(fields, "idempotency_key");
    var session = WireJson.text(fields, "session_id");
    if (session == null) {
      var wish = checks.check(json.read(fields, QueryInNewSessionRequest.class));
      return door.openAndAsk(visit, wish, idempotencies.of(key, "query", wish));
    }
    var wish = checks.check(json.read(fields, CreateQueryRequest.class));
    var idempotency = idempotencies.of(key, "query " + session, wish);
    return door.ask(visit, known(session), wish, idempotency);
  }

  @MessageMapping("sessions.{id}.events")
  Flux<DataBuffer> events(
      @DestinationVariable String id,
      @Payload(required = false) byte @Nullable [] data,
      RequestContext visit) {
    return plan(visit, known(id), json.object(data)).flatMapMany(this::follow);
  }

  @MessageMapping("sessions.{id}.converse")
  Flux<DataBuffer> converse(
      @DestinationVariable String id, Flux<byte[]> data, RequestContext visit) {
    var session = known(id);
    var words = data.map(word -> new String(word, StandardCharsets.UTF_8));
    return words.switchOnFirst(
        (first, all) -> {
          var opening = first.get();
          if (opening == null) return all.thenMany(Flux.empty());
          var fields = json.object(opening);
          boolean talks = fields.has("type");
          return plan(visit, session, talks ? json.mapper().createObjectNode() : fields)
              .flatMapMany(plan -> converse(plan, talks ? all : all.skip(1)));
        },
        false);
  }

  private Flux<DataBuffer> converse(StreamRequest plan, Flux<String> words) {
    return Flux.deferContextual(
        context -> {
          var follower = logs.rsocket(plan, ClientChannel.of(context));
          return Flux.using(
              () -> conversation.hear(plan.visit(), plan.session(), words, follower).subscribe(),
              hearing -> follower,
              Disposable::dispose);
        });
  }

  private Flux<DataBuffer> follow(StreamRequest plan) {
    return Flux.deferContextual(context -> logs.rsocket(plan, ClientChannel.of(context)));
  }

  @MessageMapping("sessions.{id}.interrupt")
  Mono<Void> interrupt(@DestinationVariable String id, RequestContext visit) {
    return door.submit(visit, known(id), List.of(new Input.Interrupt()), null).then();
  }

  private Mono<StreamRequest> plan(RequestContext visit, SessionId session, ObjectNode fields) {
    var after = Pagination.after(null, json.read(fields, StreamParams.class).after());
    return door.find(visit, session)
        .map(view -> StreamRequest.of(visit, view, after == null ? view.sequence() : after));
  }

  public static SessionId known(String id) {
    try {
      return new SessionId(id);
    } catch (IllegalArgumentException malformed) {
      throw new RejectionException(
          new Rejection.NotFound("session", id.length() <= 40 ? id : id.substring(0, 40)));
    }
  }
}
