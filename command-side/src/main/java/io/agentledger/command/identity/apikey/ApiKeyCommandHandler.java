package io.agentledger.command.identity.apikey;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.DisplayName;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.command.ApiKeyCommand;
import io.agentledger.api.identity.command.ApiKeyCommand.IssueAgentToken;
import io.agentledger.api.identity.command.ApiKeyCommand.IssueApiKey;
import io.agentledger.api.identity.command.ApiKeyCommand.RotateApiKey;
import io.agentledger.api.identity.command.IssuedApiKey;
import io.agentledger.api.identity.event.ApiKeyEvent.Agent;
import io.agentledger.api.identity.event.ApiKeyEvent.ApiKeyIssued;
import io.agentledger.api.identity.event.ApiKeyEvent.Bearer;
import io.agentledger.api.identity.event.ApiKeyEvent.Unlimited;
import io.agentledger.api.identity.event.ApiKeyEvent.Until;
import io.agentledger.api.identity.event.ApiKeyEvent.User;
import io.agentledger.api.identity.event.ApiKeyEvent.Validity;
import io.agentledger.api.shared.IdentityRejection.IdentityRefused;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.identity.shared.CredentialToken;
import io.agentledger.command.identity.shared.RoleScopes;
import io.agentledger.store.crypto.Sealer;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.modelling.command.Aggregate;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.axonframework.modelling.command.Repository;
import org.jspecify.annotations.Nullable;

/** Issues keys and rotates their secrets; the only place where a key's secret is in plain text. */
final class ApiKeyCommandHandler {
  private final Repository<ApiKey> keys;
  private final ApiKeyTable apiKeyTable;
  private final Sealer sealer;
  private final Clock clock;

  ApiKeyCommandHandler(
      Repository<ApiKey> keys, ApiKeyTable apiKeyTable, Sealer sealer, Clock clock) {
    this.keys = keys;
    this.apiKeyTable = apiKeyTable;
    this.sealer = sealer;
    this.clock = clock;
  }

  /** Key to issue, for a user or an agent. */
  private record KeyRequest(
      CredentialId id,
      Bearer bearer,
      DisplayName name,
      Set<Scope> scopes,
      @Nullable Instant expiresAt) {}

  @CommandHandler
  IssuedApiKey issue(IssueApiKey command, Caller caller) throws Exception {
    var scopes = requireGrantable(command.scopes(), caller.scopes());
    return issue(
        new KeyRequest(command.keyId(), new User(), command.name(), scopes, command.expiresAt()),
        CredentialToken.generate(CredentialToken.Kind.API_KEY, command.keyId()),
        caller);
  }

  @CommandHandler
  IssuedApiKey issue(IssueAgentToken command, Caller caller) throws Exception {
    var possible = EnumSet.noneOf(Scope.class);
    possible.addAll(Role.AGENT.scopes());
    possible.retainAll(caller.scopes());
    var scopes = requireGrantable(command.scopes(), possible);
    var agent = new Agent(command.agentId());
    return issue(
        new KeyRequest(command.keyId(), agent, command.name(), scopes, command.expiresAt()),
        CredentialToken.generate(CredentialToken.Kind.AGENT_TOKEN, command.keyId()),
        caller);
  }

  /** Rejects scopes that the caller may not grant. */
  private static Set<Scope> requireGrantable(Set<Scope> requested, Set<Scope> possible) {
    RoleScopes.requireWithin(possible, requested);
    return requested.isEmpty() ? possible : requested;
  }

  private IssuedApiKey issue(KeyRequest request, CredentialToken secret, Caller caller)
      throws Exception {
    apiKeyTable.requireCapacity(caller.user());
    var issued =
        new ApiKeyIssued(
            request.id(),
            caller.tenant(),
            caller.user(),
            request.bearer(),
            sealed(request, caller),
            secret.prefix(),
            secret.hash(),
            request.scopes().stream().sorted().toList(),
            validity(request.expiresAt()));
    keys.newInstance(() -> new ApiKey(issued));
    return new IssuedApiKey(request.id(), secret.prefix(), secret.secret());
  }

  private Content sealed(KeyRequest request, Caller caller) {
    return sealer.seal(caller.user(), ApiKeyIssued.class, "name", request.name().value());
  }

  private Validity validity(@Nullable Instant expiresAt) {
    if (expiresAt == null) return new Unlimited();
    if (!expiresAt.isAfter(clock.instant()))
      throw new RejectionException(
          new IdentityRefused(
              "expiry_in_the_past",
              "A key cannot expire before it is issued. Send POST /keys with a later expires_at."));
    return new Until(expiresAt);
  }

  @CommandHandler
  IssuedApiKey rotate(RotateApiKey command, Caller caller) throws Exception {
    var overlap = command.overlap();
    if (overlap.isNegative() || overlap.compareTo(ApiKeyCommand.OVERLAP_MAX) > 0)
      throw new RejectionException(
          new IdentityRefused(
              "overlap_too_long", "The old secret can stay valid for a week at most."));
    var next = load(command.keyId()).invoke(key -> key.rotate(caller, overlap, clock.instant()));
    return new IssuedApiKey(command.keyId(), next.prefix(), next.secret());
  }

  private Aggregate<ApiKey> load(CredentialId credentialId) {
    if (!apiKeyTable.isKey(credentialId))
      throw notFound(credentialId); // A login has an id of the same kind.
    try {
      return keys.load(credentialId.value());
    } catch (AggregateNotFoundException e) {
      throw notFound(credentialId);
    }
  }

  private static RejectionException notFound(CredentialId credentialId) {
    return new RejectionException(new NotFound("api_key", credentialId.value()));
  }
}
