package io.agentledger.gateway.session;

import io.agentledger.api.session.Activity;
import io.agentledger.api.session.Input;
import io.agentledger.api.session.QueryView;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionQuery.ListSessions;
import io.agentledger.api.session.Stage;
import io.agentledger.api.shared.Rejected;
import io.agentledger.api.shared.Rejection;
import io.agentledger.gateway.session.stream.Connection;
import io.agentledger.gateway.session.stream.Plan;
import io.agentledger.gateway.session.stream.SessionLogs;
import io.agentledger.gateway.support.Bus;
import io.agentledger.gateway.support.Checks;
import io.agentledger.gateway.support.Idempotencies;
import io.agentledger.gateway.support.Invalid;
import io.agentledger.gateway.support.Limits;
import io.agentledger.gateway.support.Visit;
import io.agentledger.gateway.support.WireJson;
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
class SessionRoutes {
  private final SessionDoor door;
  private final SessionLogs logs;
  private final Conversation conversation;
  private final Bus bus;
  private final WireJson json;
  private final Checks checks;
  private final Idempotencies idempotencies;

  SessionRoutes(
      SessionDoor door,
      SessionLogs logs,
      Conversation conversation,
      Bus bus,
      WireJson json,
      Checks checks,
      Idempotencies idempotencies) {
    this.door = door;
    this.logs = logs;
    this.conversation = conversation;
    this.bus = bus;
    this.json = json;
    this.checks = checks;
    this.idempotencies = idempotencies;
  }

  /** Which page; null is the default. */
  record Listing(
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
    SessionsWish wish() {
      return new SessionsWish(permissionMode, executor, owner, agent, from, to, text);
    }
  }

  /** One session. */
  record Which(@Nullable SessionId id) {}

  /** Where a stream begins; null is now. */
  record From(@Nullable Long after) {}

  @MessageMapping("sessions.open")
  Mono<byte[]> open(@Payload(required = false) byte @Nullable [] data, Visit visit) {
    var fields = json.object(data);
    var key = WireJson.text(fields, "idempotency_key");
    var wish = checks.check(json.read(fields, NewSession.class));
    return door.open(visit, wish, idempotencies.of(key, "sessions.open", wish))
        .flatMap(id -> door.find(visit, id))
        .map(json::bytes);
  }

  @MessageMapping("sessions.get")
  Mono<byte[]> find(@Payload(required = false) byte @Nullable [] data, Visit visit) {
    var id = json.read(json.object(data), Which.class).id();
    if (id == null) throw Invalid.body("/id", "must be given");
    return door.find(visit, id).map(json::bytes);
  }

  @MessageMapping("sessions.list")
  Mono<byte[]> list(@Payload(required = false) byte @Nullable [] data, Visit visit) {
    var which = json.read(json.object(data), Listing.class);
    var page = Limits.page(which.limit(), which.cursor());
    var wanted = Wanted.sessions(which.activity(), which.stage(), which.tag(), which.wish());
    return bus.askPage(visit, new ListSessions(visit.tenant(), wanted, page)).map(json::bytes);
  }

  /** With {@code session_id} in that session, else in one that it opens. */
  @MessageMapping("query")
  Flux<DataBuffer> query(@Payload(required = false) byte @Nullable [] data, Visit visit) {
    return bus.aside(() -> ask(visit, json.object(data)))
        .flatMapMany(query -> follow(Plan.of(visit, query)));
  }

  private Mono<QueryView> ask(Visit visit, ObjectNode fields) {
    var key = WireJson.text(fields, "idempotency_key");
    var session = WireJson.text(fields, "session_id");
    if (session == null) {
      var wish = checks.check(json.read(fields, OpeningQuery.class));
      return door.openAndAsk(visit, wish, idempotencies.of(key, "query", wish));
    }
    var wish = checks.check(json.read(fields, NewQuery.class));
    var idempotency = idempotencies.of(key, "query " + session, wish);
    return door.ask(visit, known(session), wish, idempotency);
  }

  @MessageMapping("sessions.{id}.events")
  Flux<DataBuffer> events(
      @DestinationVariable String id,
      @Payload(required = false) byte @Nullable [] data,
      Visit visit) {
    return plan(visit, known(id), json.object(data)).flatMapMany(this::follow);
  }

  @MessageMapping("sessions.{id}.converse")
  Flux<DataBuffer> converse(@DestinationVariable String id, Flux<byte[]> data, Visit visit) {
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

  private Flux<DataBuffer> converse(Plan plan, Flux<String> words) {
    return Flux.deferContextual(
        context -> {
          var follower = logs.rsocket(plan, Connection.of(context));
          return Flux.using(
              () -> conversation.hear(plan.visit(), plan.session(), words, follower).subscribe(),
              hearing -> follower,
              Disposable::dispose);
        });
  }

  private Flux<DataBuffer> follow(Plan plan) {
    return Flux.deferContextual(context -> logs.rsocket(plan, Connection.of(context)));
  }

  @MessageMapping("sessions.{id}.interrupt")
  Mono<Void> interrupt(@DestinationVariable String id, Visit visit) {
    return door.submit(visit, known(id), List.of(new Input.Interrupt()), null).then();
  }

  private Mono<Plan> plan(Visit visit, SessionId session, ObjectNode fields) {
    var after = Limits.after(null, json.read(fields, From.class).after());
    return door.find(visit, session)
        .map(view -> Plan.of(visit, view, after == null ? view.sequence() : after));
  }

  static SessionId known(String id) {
    try {
      return new SessionId(id);
    } catch (IllegalArgumentException malformed) {
      throw new Rejected(
          new Rejection.NotFound("session", id.length() <= 40 ? id : id.substring(0, 40)));
    }
  }
}
