package io.agentledger.command.mcp;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.KeyId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.vault.SecretValue.McpOauth;
import io.agentledger.api.vault.SecretValue.Refresh;
import io.agentledger.api.vault.VaultCommand.RenewSecret;
import io.agentledger.api.vault.Vaults;
import io.agentledger.command.mcp.link.LinkFailed;
import io.agentledger.command.mcp.link.Tokens;
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
final class TokenRenewals implements Tokens {
  /** How long before its end a token is taken for expired. */
  static final Duration LEEWAY = Duration.ofSeconds(60);

  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Vaults vaults;
  private final TokenEndpoint endpoint;
  private final RenewalTurns turns;
  private final CommandGateway commands;
  private final Clock clock;

  TokenRenewals(
      Vaults vaults,
      TokenEndpoint endpoint,
      RenewalTurns turns,
      CommandGateway commands,
      Clock clock) {
    this.vaults = vaults;
    this.endpoint = endpoint;
    this.turns = turns;
    this.commands = commands;
    this.clock = clock;
  }

  @Override
  public String valid(Place place, McpOauth held) {
    if (isFresh(held)) return held.accessToken();
    if (held.refresh() == null) {
      if (!isOver(held)) return held.accessToken();
      throw new LinkFailed("its OAuth token has expired, and nothing is there to renew it with");
    }
    return renewed(place, this::isFresh).accessToken();
  }

  @Override
  public boolean renew(Place place, String refused) {
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

  private Held held(Place place) {
    return vaults
        .look(place.tenant(), place.vault(), place.name())
        .filter(found -> found.value() instanceof McpOauth)
        .map(found -> new Held(found.version(), (McpOauth) found.value()))
        .orElseThrow(() -> new LinkFailed("its OAuth token is not there any more"));
  }

  /** Until somebody has one that will do; fails with what went wrong when it was our turn. */
  private McpOauth renewed(Place place, Predicate<McpOauth> willDo) {
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
        throw new LinkFailed("its OAuth token was not renewed in time");
      rest();
    }
  }

  private McpOauth renew(Place place, Held held, @Nullable Refresh refresh) {
    if (refresh == null)
      throw new LinkFailed("its OAuth token has expired, and nothing is there to renew it with");
    var next = endpoint.renewed(held.value(), refresh);
    var by =
        new Provenance(
            place.tenant(),
            Actor.SERVICE,
            new KeyId(Ids.derived(KeyId.PREFIX, "agentledger")),
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
      throw new LinkFailed("the service is stopping");
    }
  }
}
