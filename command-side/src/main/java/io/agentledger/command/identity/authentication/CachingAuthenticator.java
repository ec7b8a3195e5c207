package io.agentledger.command.identity.authentication;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.ExternalIdentity;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.event.IdentityEvent;
import io.agentledger.api.identity.security.Authenticator;
import io.agentledger.api.identity.security.CredentialRef;
import io.agentledger.api.session.SessionId;
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
 * Authenticator with a cache. A cached result is returned at once, on the caller's thread;
 * everything else is looked up on a virtual thread, once for all concurrent requests with the same
 * credential. Failed lookups are not cached. Thread-safe.
 */
public final class CachingAuthenticator implements Authenticator, AutoCloseable {
  private final LocalOwnerAuthenticator owner;
  private final CredentialLookup lookup;
  private final AuthenticationCache authenticationCache;
  private final CredentialUsageRecorder credentialUsageRecorder;
  private final Clock clock;
  private final Map<Object, CompletableFuture<Optional<CachedCaller>>> pendingLoads =
      new ConcurrentHashMap<>();
  private final ExecutorService executor =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("caller-", 0).factory());

  /** Port to the authentication of the local owner, which needs no lookup. */
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
    this.credentialUsageRecorder = usageRecording.recorder();
    this.clock = usageRecording.clock();
  }

  /** Recorder for the use of credentials, with its clock. */
  record UsageRecording(CredentialUsageRecorder recorder, Clock clock) {}

  void invalidateOn(LiveEventFeed liveEventFeed) {
    liveEventFeed.listen(
        event -> {
          if (IdentityEvent.class.isAssignableFrom(event.getPayloadType()))
            authenticationCache.evictChangedBy((IdentityEvent) event.getPayload());
        });
  }

  private record LoginCacheKey(UserId user, CredentialId login) {}

  private record ExternalUserCacheKey(ExternalIdentity identity, TenantId tenant, Role role) {}

  @Override
  public CompletionStage<Optional<Caller>> authenticate(String secret) {
    var localOwner = owner.authenticate(CredentialToken.sha256(secret));
    if (localOwner.isPresent()) return CompletableFuture.completedFuture(localOwner);
    var credentialToken = CredentialToken.parse(secret).filter(CachingAuthenticator::isKey);
    if (credentialToken.isEmpty()) return CompletableFuture.completedFuture(Optional.empty());
    var key = credentialToken.get();
    return authenticateKey(key.credential(), key.sha256());
  }

  @Override
  public CompletionStage<Optional<Caller>> currentCaller(CredentialRef credentialRef) {
    return switch (credentialRef) {
      case CredentialRef.Key key -> {
        var sha256 = HexFormat.of().parseHex(key.sha256());
        var localOwner = owner.authenticate(sha256);
        yield localOwner.isPresent()
            ? CompletableFuture.completedFuture(localOwner)
            : authenticateKey(key.credentialId(), sha256);
      }
      case CredentialRef.Login login -> currentCaller(login.userId(), login.loginId());
      case CredentialRef.ExternalToken externalToken ->
          currentCaller(
              externalToken.externalIdentity(), externalToken.tenantId(), externalToken.role());
    };
  }

  private CompletionStage<Optional<Caller>> authenticateKey(
      CredentialId credentialId, byte[] sha256) {
    return findOrLoad(ByteBuffer.wrap(sha256), () -> lookup.findByKey(credentialId, sha256));
  }

  private static boolean isKey(CredentialToken secret) {
    return secret.kind() == CredentialToken.Kind.API_KEY
        || secret.kind() == CredentialToken.Kind.AGENT_TOKEN;
  }

  @Override
  public CompletionStage<Optional<Caller>> currentCaller(UserId user, CredentialId login) {
    return findOrLoad(new LoginCacheKey(user, login), () -> lookup.findByLogin(user, login));
  }

  @Override
  public CompletionStage<Optional<Caller>> currentCaller(
      ExternalIdentity externalIdentity, TenantId tenant, Role role) {
    return findOrLoad(
        new ExternalUserCacheKey(externalIdentity, tenant, role),
        () -> lookup.findByExternalIdentity(externalIdentity, tenant, role));
  }

  @Override
  public CompletionStage<Optional<Caller>> agentOf(
      Provenance initiator, AgentId agent, SessionId session) {
    return CompletableFuture.supplyAsync(
        () -> lookup.findAgentOf(initiator, agent, session), executor);
  }

  private CompletionStage<Optional<Caller>> findOrLoad(
      Object credential, Supplier<Optional<CachedCaller>> loader) {
    var cachedCaller = authenticationCache.find(credential);
    if (cachedCaller.isPresent()) return CompletableFuture.completedFuture(toCaller(cachedCaller));
    return pendingLoads
        .computeIfAbsent(credential, key -> loadAndCache(key, loader))
        .thenApply(this::toCaller);
  }

  private CompletableFuture<Optional<CachedCaller>> loadAndCache(
      Object credential, Supplier<Optional<CachedCaller>> loader) {
    long before = authenticationCache.changeCount();
    var load =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                var cachedCaller = loader.get();
                cachedCaller.ifPresent(
                    cached -> authenticationCache.store(credential, cached, before));
                return cachedCaller;
              } finally {
                pendingLoads.remove(credential);
              }
            },
            executor);
    return load;
  }

  private Optional<Caller> toCaller(Optional<CachedCaller> cachedCaller) {
    var now = clock.instant();
    var caller =
        cachedCaller.filter(cached -> now.isBefore(cached.expiresAt())).map(CachedCaller::caller);
    caller.ifPresent(
        authenticated -> credentialUsageRecorder.recordUse(authenticated.credential(), now));
    return caller;
  }

  @Override
  public void close() {
    executor.close();
  }
}
