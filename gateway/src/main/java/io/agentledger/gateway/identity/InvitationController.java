package io.agentledger.gateway.identity;

import io.agentledger.api.identity.DisplayName;
import io.agentledger.api.identity.EmailAddress;
import io.agentledger.api.identity.InvitationId;
import io.agentledger.api.identity.Password;
import io.agentledger.api.identity.Secret;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.command.InvitationCommand.AcceptInvitation;
import io.agentledger.api.identity.command.InvitationCommand.InviteUser;
import io.agentledger.api.identity.command.InvitationCommand.RevokeInvitation;
import io.agentledger.api.identity.command.IssuedInvitation;
import io.agentledger.api.identity.query.IdentityQuery.FindInvitation;
import io.agentledger.api.identity.query.IdentityQuery.ListInvitations;
import io.agentledger.api.identity.query.InvitationView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.RequestContext;
import io.agentledger.gateway.support.web.RequestMetadata;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.net.URI;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/**
 * REST endpoints for invitations, with which users join once there is an admin. Only the first
 * response contains the token.
 */
@RestController
@RequestMapping(path = InvitationController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "users")
class InvitationController {
  static final String PATH = "/api/v1/invitations";
  static final String MUST_BE_GIVEN = "is required";
  static final String TOO_LONG = "must be at most 1024 characters";

  private final MessageGateway messageGateway;

  InvitationController(MessageGateway messageGateway) {
    this.messageGateway = messageGateway;
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(
      operationId = "createInvitation",
      summary = "Invite a user; the response shows the token once")
  Mono<ResponseEntity<IssuedInvitation>> invite(
      @Valid @RequestBody CreateInvitationRequest request,
      IdempotencyKey key,
      RequestContext context) {
    var idempotency = key.with(request);
    var command =
        new InviteUser(
            InvitationId.next(),
            request.tenantId() == null ? context.tenant() : request.tenantId(),
            UserId.next(),
            FieldParser.parse("/email", request.email(), EmailAddress::new),
            request.role().toRole(),
            idempotency);
    return messageGateway
        .<IssuedInvitation>send(context, command)
        .doOnNext(
            issued -> {
              if (issued.token() == null)
                throw new RejectionException(
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
  @Operation(operationId = "acceptInvitation", summary = "Accept an invitation with its token")
  Mono<RegisterResponse> accept(
      @Valid @RequestBody AcceptInvitationRequest request, RequestMetadata requestMetadata) {
    var command =
        new AcceptInvitation(
            new Secret(request.token()),
            FieldParser.parse("/name", request.name(), DisplayName::new),
            FieldParser.parse("/password", request.password(), Password::new));
    return messageGateway.<UserId>send(requestMetadata, command).map(RegisterResponse::new);
  }

  @GetMapping
  @Operation(operationId = "listInvitations", summary = "List invitations, newest first")
  Mono<Page<InvitationView>> list(PageRequest page, RequestContext context) {
    return messageGateway.queryPage(context, new ListInvitations(context.tenant(), page));
  }

  @GetMapping("/{id}")
  @Operation(operationId = "getInvitation", summary = "Get an invitation, without its token")
  Mono<InvitationView> find(@PathVariable InvitationId id, RequestContext context) {
    return messageGateway.query(
        context, new FindInvitation(context.tenant(), id), InvitationView.class);
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(operationId = "revokeInvitation", summary = "Revoke an invitation")
  Mono<Void> revoke(@PathVariable InvitationId id, RequestContext context) {
    return messageGateway.send(context, new RevokeInvitation(id, null));
  }
}
