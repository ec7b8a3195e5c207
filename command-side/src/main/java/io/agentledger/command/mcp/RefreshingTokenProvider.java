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

  private final SecretReader vaults;
  private final OAuthTokenEndpoint endpoint;
  private final TokenRefreshLock turns;
  private final CommandGateway commands;
  private final Clock clock;

  RefreshingTokenProvider(
      SecretReader vaults,
      OAuthTokenEndpoint endpoint,
      TokenRefreshLock turns,
      CommandGateway commands,
      Clock clock) {
    this.vaults = vaults;
    this.endpoint = endpoint;
    this.turns = turns;
    this.commands = commands;
    this.clock = clock;
  }

  @Override
  public String valid(TokenLocation place, McpOauth held) {
    if (isFresh(held)) return held.accessToken();
    if (held.refresh() == null) {
      if (!isOver(held)) return held.accessToken();
      throw new McpConnectionException(
          "its OAuth token has expired, and nothing is there to renew it with");
    }
    return renewed(place, this::isFresh).accessToken();
  }

  @Override
  public boolean renew(TokenLocation place, String refused) {
    var held = held(place);
    if (!held.value().accessToken().equals(refused)) return true;
    if (held.value().refresh() == null) return false;
    renewed(place, token -> !token.accessToken().equals(refused));
    return true;
  }

  private boolean isFresh(McpOauth token) {
    var end = token.expiresAt();
    return end == null || clock.instant().isBefore(end.minus(LEEWAY));
  }

  private boolean isOver(McpOauth token) {
    var end = token.expiresAt();
    return end != null && !clock.instant().isBefore(end);
  }

  private record Held(long version, McpOauth value) {}

  private Held held(TokenLocation place) {
    return vaults
        .look(place.tenant(), place.vault(), place.name())
        .filter(found -> found.value() instanceof McpOauth)
        .map(found -> new Held(found.version(), (McpOauth) found.value()))
        .orElseThrow(() -> new McpConnectionException("its OAuth token is not there any more"));
  }

  /** Until somebody has one that will do; fails with what went wrong when it was our turn. */
  private McpOauth renewed(TokenLocation place, Predicate<McpOauth> willDo) {
    var end = clock.instant().plus(turns.length());
    while (true) {
      var turn = turns.take(place);
      try {
        var held = held(place);
        if (willDo.test(held.value())) return held.value();
        if (turn.isPresent()) return renew(place, held, held.value().refresh());
      } finally {
        turn.ifPresent(turns::giveBack);
      }
      if (clock.instant().isAfter(end))
        throw new McpConnectionException("its OAuth token was not renewed in time");
      rest();
    }
  }

  private McpOauth renew(TokenLocation place, Held held, @Nullable Refresh refresh) {
    if (refresh == null)
      throw new McpConnectionException(
          "its OAuth token has expired, and nothing is there to renew it with");
    var next = endpoint.renewed(held.value(), refresh);
    var by =
        new Provenance(
            place.tenant(),
            Actor.SERVICE,
            new CredentialId(Ids.derived(CredentialId.PREFIX, "agentledger")),
            Ids.random("req"));
    var command = new RenewSecret(place.vault(), place.name(), held.version(), next);
    commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(command).withMetaData(by.asMetadata()));
    return next;
  }

  private static void rest() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new McpConnectionException("the service is stopping");
    }
  }
}
