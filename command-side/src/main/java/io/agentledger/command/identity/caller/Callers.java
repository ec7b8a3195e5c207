package io.agentledger.command.identity.caller;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Credentials;
import io.agentledger.api.identity.Foreigner;
import io.agentledger.api.identity.IdentityEvent;
import io.agentledger.api.identity.KeyId;
import io.agentledger.api.identity.Means;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.command.identity.ground.Minted;
import io.agentledger.store.event.Tail;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Knows those who come in. What was found a moment ago is answered at once, on the caller's thread;
 * everything else is looked up on a virtual thread, once for all who ask for it at the same time.
 * Nothing is remembered of those who are nobody.
 */
public final class Callers implements Credentials, AutoCloseable {
  private final OwnerKnown owner;
  private final Lookup lookup;
  private final RecentCallers recent;
  private final LastUses uses;
  private final Clock clock;
  private final Map<Object, CompletableFuture<Optional<Known>>> asked = new ConcurrentHashMap<>();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("caller-", 0).factory());

  /** The key in the node's home; it needs no look-up. */
  public interface OwnerKnown {
    Optional<Caller> authenticate(byte[] secretHash);
  }

  Callers(OwnerKnown owner, Lookup lookup, RecentCallers recent, Noting noting) {
    this.owner = owner;
    this.lookup = lookup;
    this.recent = recent;
    this.uses = noting.uses();
    this.clock = noting.clock();
  }

  /** Where it is noted that somebody came, and when. */
  record Noting(LastUses uses, Clock clock) {}

  void listenTo(Tail tail) {
    tail.listen(
        event -> {
          if (event.getPayload() instanceof IdentityEvent identity) recent.changed(identity);
        });
  }

  private record OfLogin(UserId user, KeyId login) {}

  private record OfForeigner(Foreigner foreigner, TenantId tenant, Role role) {}

  @Override
  public CompletionStage<Optional<Caller>> authenticate(String secret) {
    var local = owner.authenticate(Minted.sha256(secret));
    if (local.isPresent()) return CompletableFuture.completedFuture(local);
    var minted = Minted.read(secret).filter(Callers::isKey);
    if (minted.isEmpty()) return CompletableFuture.completedFuture(Optional.empty());
    var key = minted.get();
    return ofKey(key.credential(), key.sha256());
  }

  @Override
  public CompletionStage<Optional<Caller>> standing(Means means) {
    return switch (means) {
      case Means.Key key -> {
        var sha256 = HexFormat.of().parseHex(key.sha256());
        var local = owner.authenticate(sha256);
        yield local.isPresent()
            ? CompletableFuture.completedFuture(local)
            : ofKey(key.credential(), sha256);
      }
      case Means.Login login -> standing(login.user(), login.login());
      case Means.Vouched vouched -> standing(vouched.foreigner(), vouched.tenant(), vouched.role());
    };
  }

  private CompletionStage<Optional<Caller>> ofKey(KeyId key, byte[] sha256) {
    return find(ByteBuffer.wrap(sha256), () -> lookup.key(key, sha256));
  }

  private static boolean isKey(Minted secret) {
    return secret.kind() == Minted.Kind.API_KEY || secret.kind() == Minted.Kind.AGENT_TOKEN;
  }

  @Override
  public CompletionStage<Optional<Caller>> standing(UserId user, KeyId login) {
    return find(new OfLogin(user, login), () -> lookup.login(user, login));
  }

  @Override
  public CompletionStage<Optional<Caller>> standing(
      Foreigner foreigner, TenantId tenant, Role role) {
    return find(
        new OfForeigner(foreigner, tenant, role), () -> lookup.foreigner(foreigner, tenant, role));
  }

  private CompletionStage<Optional<Caller>> find(
      Object credential, Supplier<Optional<Known>> look) {
    var known = recent.find(credential);
    if (known.isPresent()) return CompletableFuture.completedFuture(admitted(known));
    return asked
        .computeIfAbsent(credential, asking -> look(asking, look))
        .thenApply(this::admitted);
  }

  private CompletableFuture<Optional<Known>> look(
      Object credential, Supplier<Optional<Known>> look) {
    long before = recent.changes();
    var found =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                var known = look.get();
                known.ifPresent(who -> recent.keep(credential, who, before));
                return known;
              } finally {
                asked.remove(credential);
              }
            },
            threads);
    return found;
  }

  private Optional<Caller> admitted(Optional<Known> known) {
    var now = clock.instant();
    var caller = known.filter(who -> now.isBefore(who.until())).map(Known::caller);
    caller.ifPresent(who -> uses.note(who.credential(), now));
    return caller;
  }

  @Override
  public void close() {
    threads.close();
  }
}
