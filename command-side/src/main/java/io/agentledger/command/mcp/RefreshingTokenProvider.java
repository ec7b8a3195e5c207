package io.agentledger.command.mcp;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.vault.SecretReader;
import io.agentledger.api.vault.SecretValue.McpOauth;
import io.agentledger.api.vault.SecretValue.Refresh;
import io.agentledger.api.vault.VaultCommand.RenewSecret;
import io.agentledger.command.mcp.connection.McpConnectionException;
import io.agentledger.command.mcp.connection.OAuthTokenProvider;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Predicate;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;

/**
 * Refreshes tokens before they expire, one at a time in the whole cluster, because a refresh token
 * may be valid only once. Concurrent callers wait for the first one's result.
 */
final class RefreshingTokenProvider implements OAuthTokenProvider {
  /** Time before its expiry from which a token is refreshed. */
  static final Duration LEEWAY = Duration.ofSeconds(60);

  private static final Duration PAUSE = Duration.ofMillis(100);

  private final SecretReader secretReader;
  private final OAuthTokenEndpoint endpoint;
  private final TokenRefreshLock tokenRefreshLock;
  private final CommandGateway commands;
  private final Clock clock;

  RefreshingTokenProvider(
      SecretReader secretReader,
      OAuthTokenEndpoint endpoint,
      TokenRefreshLock tokenRefreshLock,
      CommandGateway commands,
      Clock clock) {
    this.secretReader = secretReader;
    this.endpoint = endpoint;
    this.tokenRefreshLock = tokenRefreshLock;
    this.commands = commands;
    this.clock = clock;
  }

  @Override
  public String validToken(TokenLocation location, McpOauth token) {
    if (isFresh(token)) return token.accessToken();
    if (token.refresh() == null) {
      if (!isExpired(token)) return token.accessToken();
      throw new McpConnectionException("its OAuth token has expired and has no refresh token");
    }
    return refreshUntil(location, this::isFresh).accessToken();
  }

  @Override
  public boolean refresh(TokenLocation location, String refused) {
    var versionedToken = readToken(location);
    if (!versionedToken.token().accessToken().equals(refused)) return true;
    if (versionedToken.token().refresh() == null) return false;
    refreshUntil(location, token -> !token.accessToken().equals(refused));
    return true;
  }

  private boolean isFresh(McpOauth token) {
    var end = token.expiresAt();
    return end == null || clock.instant().isBefore(end.minus(LEEWAY));
  }

  private boolean isExpired(McpOauth token) {
    var end = token.expiresAt();
    return end != null && !clock.instant().isBefore(end);
  }

  private record VersionedToken(long version, McpOauth token) {}

  private VersionedToken readToken(TokenLocation location) {
    return secretReader
        .openVersioned(location.tenant(), location.vault(), location.name())
        .filter(secret -> secret.value() instanceof McpOauth)
        .map(secret -> new VersionedToken(secret.version(), (McpOauth) secret.value()))
        .orElseThrow(() -> new McpConnectionException("its OAuth token no longer exists"));
  }

  /** Waits until a token is usable, and refreshes it if this caller gets the lock. */
  private McpOauth refreshUntil(TokenLocation location, Predicate<McpOauth> isUsable) {
    var end = clock.instant().plus(tokenRefreshLock.leaseDuration());
    while (true) {
      var lockHandle = tokenRefreshLock.acquire(location);
      try {
        var versionedToken = readToken(location);
        if (isUsable.test(versionedToken.token())) return versionedToken.token();
        if (lockHandle.isPresent())
          return refresh(location, versionedToken, versionedToken.token().refresh());
      } finally {
        lockHandle.ifPresent(tokenRefreshLock::release);
      }
      if (clock.instant().isAfter(end))
        throw new McpConnectionException("its OAuth token was not refreshed in time");
      pause();
    }
  }

  private McpOauth refresh(
      TokenLocation location, VersionedToken versionedToken, @Nullable Refresh refresh) {
    if (refresh == null)
      throw new McpConnectionException("its OAuth token has expired and has no refresh token");
    var refreshed = endpoint.requestRefresh(versionedToken.token(), refresh);
    var provenance = Provenance.ofSystem(location.tenant(), Ids.random("req"));
    var command =
        new RenewSecret(location.vault(), location.name(), versionedToken.version(), refreshed);
    commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(command).withMetaData(provenance.asMetadata()));
    return refreshed;
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new McpConnectionException("the service is stopping");
    }
  }
}
