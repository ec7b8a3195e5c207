package io.agentledger.command.mcp;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.CredentialId;
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
  public String valid(TokenLocation location, McpOauth held) {
    if (isFresh(held)) return held.accessToken();
    if (held.refresh() == null) {
      if (!isExpired(held)) return held.accessToken();
      throw new McpConnectionException(
          "its OAuth token has expired, and nothing is there to renew it with");
    }
    return renewed(location, this::isFresh).accessToken();
  }

  @Override
  public boolean renew(TokenLocation location, String refused) {
    var held = held(location);
    if (!held.value().accessToken().equals(refused)) return true;
    if (held.value().refresh() == null) return false;
    renewed(location, token -> !token.accessToken().equals(refused));
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

  private record Held(long version, McpOauth value) {}

  private Held held(TokenLocation location) {
    return secretReader
        .findVersioned(location.tenant(), location.vault(), location.name())
        .filter(found -> found.value() instanceof McpOauth)
        .map(found -> new Held(found.version(), (McpOauth) found.value()))
        .orElseThrow(() -> new McpConnectionException("its OAuth token is not there any more"));
  }

  /** Until somebody has one that will do; fails with what went wrong when it was our turn. */
  private McpOauth renewed(TokenLocation location, Predicate<McpOauth> willDo) {
    var end = clock.instant().plus(tokenRefreshLock.length());
    while (true) {
      var turn = tokenRefreshLock.acquire(location);
      try {
        var held = held(location);
        if (willDo.test(held.value())) return held.value();
        if (turn.isPresent()) return renew(location, held, held.value().refresh());
      } finally {
        turn.ifPresent(tokenRefreshLock::release);
      }
      if (clock.instant().isAfter(end))
        throw new McpConnectionException("its OAuth token was not renewed in time");
      pause();
    }
  }

  private McpOauth renew(TokenLocation location, Held held, @Nullable Refresh refresh) {
    if (refresh == null)
      throw new McpConnectionException(
          "its OAuth token has expired, and nothing is there to renew it with");
    var next = endpoint.renewed(held.value(), refresh);
    var provenance =
        new Provenance(
            location.tenant(),
            Actor.SERVICE,
            new CredentialId(Ids.derived(CredentialId.PREFIX, "agentledger")),
            Ids.random("req"));
    var command = new RenewSecret(location.vault(), location.name(), held.version(), next);
    commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(command).withMetaData(provenance.asMetadata()));
    return next;
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new McpConnectionException("the service is stopping");
    }
  }
}
