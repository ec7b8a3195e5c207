package io.agentledger.query.identity;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.InvitationId;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.query.ApiKeyView;
import io.agentledger.api.identity.query.InvitationView;
import io.agentledger.api.identity.query.LoginView;
import io.agentledger.api.identity.query.TenantView;
import io.agentledger.api.identity.query.UserView;
import io.agentledger.projection.identity.ApiKeyRow;
import io.agentledger.projection.identity.InvitationRow;
import io.agentledger.projection.identity.LoginRow;
import io.agentledger.projection.identity.TenantRow;
import io.agentledger.projection.identity.UserRow;
import io.agentledger.query.support.ContentReader;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Maps rows to views: decrypts content and computes the current status. */
final class IdentityViewMapper {
  private final ContentReader contentReader;
  private final Clock clock;

  IdentityViewMapper(ContentReader contentReader, Clock clock) {
    this.contentReader = contentReader;
    this.clock = clock;
  }

  TenantView toView(TenantRow row) {
    return new TenantView(
        new TenantId(row.id()), row.name(), row.suspended(), row.createdAt(), row.updatedAt());
  }

  UserView toView(UserRow row) {
    var id = new UserId(row.id());
    return new UserView(
        id,
        new TenantId(row.tenant()),
        contentReader.text(id, row.name()),
        contentReader.text(id, row.email()),
        row.role(),
        row.status(),
        row.joinMethod(),
        row.issuer(),
        row.createdAt(),
        row.updatedAt());
  }

  /**
   * Maps an API key.
   *
   * @param uses last uses of credentials
   */
  ApiKeyView toView(ApiKeyRow row, Map<String, Instant> uses) {
    var owner = new UserId(row.owner());
    var agent = row.agentId();
    return new ApiKeyView(
        new CredentialId(row.id()),
        owner,
        agent == null ? null : new AgentId(agent),
        contentReader.text(owner, row.name()),
        row.prefix(),
        row.scopes(),
        status(row),
        row.createdAt(),
        row.rotatedAt(),
        row.expiresAt(),
        uses.get(row.id()));
  }

  /**
   * Returns the current status: a key is expired from its expiry time on, even if that is not
   * recorded yet.
   */
  private ApiKeyView.Status status(ApiKeyRow row) {
    return row.status() == ApiKeyView.Status.ACTIVE && isPast(row.expiresAt())
        ? ApiKeyView.Status.EXPIRED
        : row.status();
  }

  /**
   * Maps a login.
   *
   * @param callerCredential credential of the caller
   */
  LoginView toView(LoginRow row, CredentialId callerCredential, Map<String, Instant> uses) {
    var id = new CredentialId(row.id());
    return new LoginView(
        id,
        new UserId(row.userId()),
        id.equals(callerCredential),
        row.ip(),
        row.userAgent(),
        row.startedAt(),
        row.refreshedAt(),
        uses.get(row.id()),
        row.expiresAt(),
        row.endedAt(),
        row.endReason());
  }

  InvitationView toView(InvitationRow row) {
    var user = new UserId(row.userId());
    boolean isExpired = row.status() == InvitationView.Status.PENDING && isPast(row.expiresAt());
    return new InvitationView(
        new InvitationId(row.id()),
        user,
        contentReader.text(user, row.email()),
        row.role(),
        isExpired ? InvitationView.Status.EXPIRED : row.status(),
        row.invitedBy(),
        row.createdAt(),
        row.expiresAt());
  }

  private boolean isPast(@Nullable Instant until) {
    return until != null && !clock.instant().isBefore(until);
  }
}
