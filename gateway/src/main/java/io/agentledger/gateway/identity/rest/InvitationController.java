package io.agentledger.gateway.identity.rest;

import io.agentledger.api.identity.DisplayName;
import io.agentledger.api.identity.EmailAddress;
import io.agentledger.api.identity.IdentityQuery.FindInvitation;
import io.agentledger.api.identity.IdentityQuery.ListInvitations;
import io.agentledger.api.identity.InvitationCommand.AcceptInvitation;
import io.agentledger.api.identity.InvitationCommand.Invite;
import io.agentledger.api.identity.InvitationCommand.RevokeInvitation;
import io.agentledger.api.identity.InvitationId;
import io.agentledger.api.identity.InvitationView;
import io.agentledger.api.identity.IssuedInvitation;
import io.agentledger.api.identity.Password;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Secret;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejected;
import io.agentledger.api.shared.Rejection;
import io.agentledger.gateway.support.Bus;
import io.agentledger.gateway.support.Idempotencies;
import io.agentledger.gateway.support.Knock;
import io.agentledger.gateway.support.Limits;
import io.agentledger.gateway.support.Plain;
import io.agentledger.gateway.support.Visit;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Invitations: how people join once there is an admin. The token is in the first answer only. */
@RestController
@RequestMapping(path = InvitationController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "people")
class InvitationController {
  static final String PATH = "/api/v1/invitations";
  private static final String NEEDED = "must be given";
  private static final String LONG = "must be at most 1024 characters";

  private final Bus bus;
  private final Idempotencies idempotencies;

  InvitationController(Bus bus, Idempotencies idempotencies) {
    this.bus = bus;
    this.idempotencies = idempotencies;
  }

  /**
   * Somebody to invite.
   *
   * @param tenantId another tenant than one's own, for operators
   */
  record NewInvitation(
      @NotNull(message = NEEDED) @Size(max = EmailAddress.LENGTH_MAX, message = LONG) String email,
      @NotNull(message = NEEDED) Role role,
      @Nullable TenantId tenantId) {}

  /** What the invited says. */
  record Acceptance(
      @NotNull(message = NEEDED) @Size(max = Secret.LENGTH_MAX, message = LONG) String token,
      @NotNull(message = NEEDED) @Size(max = 1024, message = LONG) @Plain String name,
      @NotNull(message = NEEDED) @Size(max = Secret.LENGTH_MAX, message = LONG) String password) {
    @Override
    public String toString() {
      return "Acceptance";
    }
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "invite", summary = "Invites somebody; answers with the token, once")
  Mono<ResponseEntity<IssuedInvitation>> invite(
      @Valid @RequestBody NewInvitation wish,
      @RequestHeader(name = Idempotencies.HEADER, required = false) @Nullable String key,
      Visit visit) {
    var idempotency = idempotencies.of(key, "POST " + PATH, wish);
    var command =
        new Invite(
            InvitationId.next(),
            wish.tenantId() == null ? visit.tenant() : wish.tenantId(),
            UserId.next(),
            Given.as("/email", wish.email(), EmailAddress::new),
            wish.role(),
            idempotency);
    return bus.<IssuedInvitation>send(visit, command)
        .doOnNext(
            issued -> {
              if (issued.token() == null)
                throw new Rejected(
                    new Rejection.AlreadyIssued("invitation", issued.invitationId().value()));
            })
        .map(
            issued ->
                ResponseEntity.created(URI.create(PATH + "/" + issued.invitationId()))
                    .cacheControl(CacheControl.noStore())
                    .body(issued));
  }

  @PostMapping(path = "/accept", consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  @SecurityRequirements
  @Operation(operationId = "acceptInvitation", summary = "Joins, with the token")
  Mono<AuthController.Joined> accept(@Valid @RequestBody Acceptance wish, Knock knock) {
    var command =
        new AcceptInvitation(
            new Secret(wish.token()),
            Given.as("/name", wish.name(), DisplayName::new),
            Given.as("/password", wish.password(), Password::new));
    return bus.<UserId>send(knock, command).map(AuthController.Joined::new);
  }

  @GetMapping
  @Operation(operationId = "listInvitations", summary = "Invitations, newest first")
  Mono<Page<InvitationView>> list(
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(required = false) @Nullable String cursor,
      Visit visit) {
    return bus.askPage(visit, new ListInvitations(visit.tenant(), Limits.page(limit, cursor)));
  }

  @GetMapping("/{id}")
  @Operation(operationId = "getInvitation", summary = "One invitation, without its token")
  Mono<InvitationView> find(@PathVariable InvitationId id, Visit visit) {
    return bus.ask(visit, new FindInvitation(visit.tenant(), id), InvitationView.class);
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(operationId = "revokeInvitation", summary = "Takes an invitation back")
  Mono<Void> revoke(@PathVariable InvitationId id, Visit visit) {
    return bus.send(visit, new RevokeInvitation(id, null));
  }
}
