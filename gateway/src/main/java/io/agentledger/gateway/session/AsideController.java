package io.agentledger.gateway.session;

import io.agentledger.api.session.AsideEvent.Kind;
import io.agentledger.api.session.AsideId;
import io.agentledger.api.session.AsideView;
import io.agentledger.api.session.Input.AskAside;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionQuery.ListAsides;
import io.agentledger.api.session.SessionView;
import io.agentledger.api.shared.Page;
import io.agentledger.gateway.session.AsideDoor.Asked;
import io.agentledger.gateway.support.Bus;
import io.agentledger.gateway.support.Idempotencies;
import io.agentledger.gateway.support.Limits;
import io.agentledger.gateway.support.Visit;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/**
 * What is asked of a session's process beside the conversation. Asking answers when there is an
 * answer, or when it is known that there will be none.
 */
@RestController
@RequestMapping(
    path = SessionController.PATH + "/{id}",
    produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "asides")
class AsideController {
  private final Bus bus;
  private final AsideDoor asides;
  private final SessionDoor door;
  private final Idempotencies idempotencies;

  AsideController(Bus bus, AsideDoor asides, SessionDoor door, Idempotencies idempotencies) {
    this.bus = bus;
    this.asides = asides;
    this.door = door;
    this.idempotencies = idempotencies;
  }

  /** A question that does not enter the conversation. */
  record NewAside(
      @NotBlank(message = "must not be blank")
          @Size(max = AskAside.WORDS_LENGTH_MAX, message = "must be 1 to 10000 characters")
          String question) {}

  /**
   * What a title is to be made of.
   *
   * @param about null: of what was asked first
   */
  record TitleWish(
      @Nullable @Size(max = AskAside.WORDS_LENGTH_MAX, message = "must be at most 10000 characters")
          String about) {}

  @PostMapping(path = "/asides", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "askAside",
      summary = "Asks about the conversation without entering it, also in mid-run")
  Mono<AsideView> ask(
      @PathVariable SessionId id,
      @Valid @RequestBody NewAside wish,
      @RequestHeader(name = Idempotencies.HEADER, required = false) @Nullable String key,
      Visit visit) {
    var idempotency = idempotencies.of(key, at(id, "asides"), wish);
    return asides.ask(visit, id, new Asked(Kind.QUESTION, wish.question()), idempotency);
  }

  @GetMapping("/asides")
  @Operation(operationId = "listAsides", summary = "What was asked aside, newest first")
  Mono<Page<AsideView>> list(
      @PathVariable SessionId id,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(required = false) @Nullable String cursor,
      Visit visit) {
    return bus.askPage(visit, new ListAsides(visit.tenant(), id, Limits.page(limit, cursor)));
  }

  @GetMapping("/asides/{asideId}")
  @Operation(operationId = "getAside", summary = "One thing that was asked aside")
  Mono<AsideView> find(@PathVariable SessionId id, @PathVariable AsideId asideId, Visit visit) {
    return asides.find(visit, id, asideId);
  }

  @PostMapping(path = "/title", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "makeUpTitle", summary = "Has the model make up a title for the session")
  Mono<SessionView> makeUpTitle(
      @PathVariable SessionId id,
      @Valid @RequestBody TitleWish wish,
      @RequestHeader(name = Idempotencies.HEADER, required = false) @Nullable String key,
      Visit visit) {
    var idempotency = idempotencies.of(key, at(id, "title"), wish);
    return asides
        .ask(visit, id, new Asked(Kind.TITLE, wish.about()), idempotency)
        .map(AsideDoor::answered)
        .flatMap(named -> door.find(visit, id));
  }

  private static String at(SessionId id, String what) {
    return "POST " + SessionController.PATH + "/" + id + "/" + what;
  }
}
