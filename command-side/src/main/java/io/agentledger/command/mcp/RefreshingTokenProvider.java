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
 * Has tokens anew before they expire, one renewal at a time in the whole cluster: a refresh token
 * may count once only. Whoever comes meanwhile waits for what the first one gets.
 */
final class RefreshingTokenProvider implements OAuthTokenProvider {
  /** How long before its end a token is taken for expired. */
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
      throw new McpConnectionException(
          "its OAuth token has expired, and nothing is there to renew it with");
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
        .orElseThrow(() -> new McpConnectionException("its OAuth token is not there any more"));
  }

  /** Until somebody has one that will do; fails with what went wrong when it was our turn. */
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
        throw new McpConnectionException("its OAuth token was not renewed in time");
      pause();
    }
  }

  private McpOauth refresh(
      TokenLocation location, VersionedToken versionedToken, @Nullable Refresh refresh) {
    if (refresh == null)
      throw new McpConnectionException(
          "its OAuth token has expired, and nothing is there to renew it with");
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
