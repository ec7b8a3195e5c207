package io.agentledger.command.identity.authentication;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.ExternalIdentity;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.event.IdentityEvent;
import io.agentledger.api.identity.security.Authenticator;
import io.agentledger.api.identity.security.CredentialRef;
import io.agentledger.command.identity.shared.CredentialToken;
import io.agentledger.store.event.LiveEventFeed;
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
public final class CachingAuthenticator implements Authenticator, AutoCloseable {
  private final LocalOwnerAuthenticator owner;
  private final CredentialLookup lookup;
  private final AuthenticationCache authenticationCache;
  private final CredentialUsageRecorder credentialUsageRecorder;
  private final Clock clock;
  private final Map<Object, CompletableFuture<Optional<CachedCaller>>> asked =
      new ConcurrentHashMap<>();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("caller-", 0).factory());

  /** The key in the node's home; it needs no look-up. */
  public interface LocalOwnerAuthenticator {
    Optional<Caller> authenticate(byte[] secretHash);
  }

  CachingAuthenticator(
      LocalOwnerAuthenticator owner,
      CredentialLookup lookup,
      AuthenticationCache authenticationCache,
      UsageRecording usageRecording) {
    this.owner = owner;
    this.lookup = lookup;
    this.authenticationCache = authenticationCache;
    this.credentialUsageRecorder = usageRecording.uses();
    this.clock = usageRecording.clock();
  }

  /** Where it is noted that somebody came, and when. */
  record UsageRecording(CredentialUsageRecorder uses, Clock clock) {}

  void listenTo(LiveEventFeed liveEventFeed) {
    liveEventFeed.listen(
        event -> {
          if (event.getPayload() instanceof IdentityEvent identity)
            authenticationCache.changed(identity);
        });
  }

  private record OfLogin(UserId user, CredentialId login) {}

  private record OfForeigner(ExternalIdentity foreigner, TenantId tenant, Role role) {}

  @Override
  public CompletionStage<Optional<Caller>> authenticate(String secret) {
    var local = owner.authenticate(CredentialToken.sha256(secret));
    if (local.isPresent()) return CompletableFuture.completedFuture(local);
    var credentialToken = CredentialToken.read(secret).filter(CachingAuthenticator::isKey);
    if (credentialToken.isEmpty()) return CompletableFuture.completedFuture(Optional.empty());
    var key = credentialToken.get();
    return ofKey(key.credential(), key.sha256());
  }

  @Override
  public CompletionStage<Optional<Caller>> currentCaller(CredentialRef credentialRef) {
    return switch (credentialRef) {
      case CredentialRef.Key key -> {
        var sha256 = HexFormat.of().parseHex(key.sha256());
        var local = owner.authenticate(sha256);
        yield local.isPresent()
            ? CompletableFuture.completedFuture(local)
            : ofKey(key.credential(), sha256);
      }
      case CredentialRef.Login login -> currentCaller(login.user(), login.login());
      case CredentialRef.ExternalToken externalToken ->
          currentCaller(externalToken.foreigner(), externalToken.tenant(), externalToken.role());
    };
  }

  private CompletionStage<Optional<Caller>> ofKey(CredentialId credentialId, byte[] sha256) {
    return find(ByteBuffer.wrap(sha256), () -> lookup.key(credentialId, sha256));
  }

  private static boolean isKey(CredentialToken secret) {
    return secret.kind() == CredentialToken.Kind.API_KEY
        || secret.kind() == CredentialToken.Kind.AGENT_TOKEN;
  }

  @Override
  public CompletionStage<Optional<Caller>> currentCaller(UserId user, CredentialId login) {
    return find(new OfLogin(user, login), () -> lookup.login(user, login));
  }

  @Override
  public CompletionStage<Optional<Caller>> currentCaller(
      ExternalIdentity externalIdentity, TenantId tenant, Role role) {
    return find(
        new OfForeigner(externalIdentity, tenant, role),
        () -> lookup.foreigner(externalIdentity, tenant, role));
  }

  private CompletionStage<Optional<Caller>> find(
      Object credential, Supplier<Optional<CachedCaller>> look) {
    var cachedCaller = authenticationCache.find(credential);
    if (cachedCaller.isPresent()) return CompletableFuture.completedFuture(toCaller(cachedCaller));
    return asked
        .computeIfAbsent(credential, asking -> lookUp(asking, look))
        .thenApply(this::toCaller);
  }

  private CompletableFuture<Optional<CachedCaller>> lookUp(
      Object credential, Supplier<Optional<CachedCaller>> look) {
    long before = authenticationCache.changes();
    var found =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                var cachedCaller = look.get();
                cachedCaller.ifPresent(who -> authenticationCache.store(credential, who, before));
                return cachedCaller;
              } finally {
                asked.remove(credential);
              }
            },
            threads);
    return found;
  }

  private Optional<Caller> toCaller(Optional<CachedCaller> cachedCaller) {
    var now = clock.instant();
    var caller = cachedCaller.filter(who -> now.isBefore(who.until())).map(CachedCaller::caller);
    caller.ifPresent(who -> credentialUsageRecorder.note(who.credential(), now));
    return caller;
  }

  @Override
  public void close() {
    threads.close();
  }
}
