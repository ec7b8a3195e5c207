package io.agentledger.gateway.authorization;

import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.SignedJWT;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.DisplayName;
import io.agentledger.api.identity.EmailAddress;
import io.agentledger.api.identity.InvitationId;
import io.agentledger.api.identity.Password;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Secret;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.command.ApiKeyCommand.IssueApiKey;
import io.agentledger.api.identity.command.ApiKeyCommand.RevokeApiKey;
import io.agentledger.api.identity.command.InvitationCommand.AcceptInvitation;
import io.agentledger.api.identity.command.InvitationCommand.InviteUser;
import io.agentledger.api.identity.command.IssuedApiKey;
import io.agentledger.api.identity.command.IssuedInvitation;
import io.agentledger.api.identity.command.LoginCommand.SignIn;
import io.agentledger.api.identity.command.SignInResult;
import io.agentledger.api.identity.command.SignInResult.SignedIn;
import io.agentledger.api.identity.command.TenantCommand.CreateTenant;
import io.agentledger.api.identity.command.TokenPair;
import io.agentledger.api.identity.security.Authenticator;
import io.agentledger.gateway.ApiTestServer;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;

/** The users of a running service: the owner of all resources, and the unauthorized callers. */
final class AuthorizationFixture {
  private static final String PASSWORD = "a password of twelve and more";
  private static final Duration TIMEOUT = Duration.ofSeconds(120);

  /** Of all fixtures, because some share a service. */
  private static final AtomicInteger COUNT = new AtomicInteger();

  final ApiTestServer server;
  final Caller operator;
  final TestUser owner;
  final Map<UnauthorizedCaller, String> secrets = new EnumMap<>(UnauthorizedCaller.class);
  private final CommandGateway commands;

  /** A user who has signed in. */
  record TestUser(TenantId tenant, UserId user, String email, TokenPair tokens) {
    String bearer() {
      return tokens.accessToken();
    }
  }

  AuthorizationFixture(ApiTestServer server) {
    this.server = server;
    this.commands = server.bean(CommandGateway.class);
    this.operator = authenticate(server.key()).orElseThrow();
    this.owner = join(operator.tenant(), Role.ADMIN);
    for (var caller : UnauthorizedCaller.values())
      if (!caller.isUnknown()) secrets.put(caller, newSecretOf(caller));
    secrets.put(UnauthorizedCaller.EXPIRED, expired());
    secrets.put(UnauthorizedCaller.REVOKED, revoked());
    secrets.put(UnauthorizedCaller.FORGED, forged(owner.bearer()));
  }

  /** An unauthorized caller's credential; null for none. */
  @Nullable String secretOf(UnauthorizedCaller caller) {
    return secrets.get(caller);
  }

  /** Returns the token of a new user of that kind. */
  String newSecretOf(UnauthorizedCaller caller) {
    return switch (caller) {
      case OTHER_TENANT -> join(createTenant(), Role.ADMIN).bearer();
      case VIEWER -> join(operator.tenant(), Role.VIEWER).bearer();
      case AUDITOR -> join(operator.tenant(), Role.AUDITOR).bearer();
      default -> throw new IllegalArgumentException(caller + " is nobody");
    };
  }

  Optional<Caller> authenticate(String secret) {
    return server.bean(Authenticator.class).authenticate(secret).toCompletableFuture().join();
  }

  Caller caller(TestUser user) {
    return server
        .bean(Authenticator.class)
        .currentCaller(user.user(), user.tokens().loginId())
        .toCompletableFuture()
        .join()
        .orElseThrow();
  }

  <R> R send(Caller caller, Object command) {
    return send(command, caller.asMetadata("req_walk"));
  }

  private <R> R send(Object command, Map<String, ?> metadata) {
    return commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(command).withMetaData(metadata));
  }

  private <R> R sendAnonymously(Object command) {
    return send(command, operator.provenance("req_walk").asMetadata());
  }

  DisplayName name() {
    return new DisplayName("Name " + COUNT.incrementAndGet());
  }

  TenantId createTenant() {
    return send(operator, new CreateTenant(TenantId.next(), name(), null));
  }

  IssuedInvitation invite(TenantId tenant, Role role, String email) {
    return send(
        operator,
        new InviteUser(
            InvitationId.next(), tenant, UserId.next(), new EmailAddress(email), role, null));
  }

  String email() {
    return "user" + COUNT.incrementAndGet() + "@example.com";
  }

  /** Creates a user by invitation and signs them in. */
  TestUser join(TenantId tenant, Role role) {
    var email = email();
    var invitation = invite(tenant, role, email);
    UserId user =
        sendAnonymously(
            new AcceptInvitation(
                new Secret(String.valueOf(invitation.token())), name(), new Password(PASSWORD)));
    return new TestUser(tenant, user, email, signIn(email));
  }

  TokenPair signIn(String email) {
    SignInResult signInResult = sendAnonymously(new SignIn(email, new Secret(PASSWORD)));
    return ((SignedIn) signInResult).tokens();
  }

  String password() {
    return PASSWORD;
  }

  /** Creates a key of the owner with all of the owner's scopes. */
  IssuedApiKey key(@Nullable Instant expiresAt) {
    return send(
        caller(owner), new IssueApiKey(CredentialId.next(), name(), Set.of(), expiresAt, null));
  }

  private String expired() {
    var key = String.valueOf(key(Instant.now().plusSeconds(3)).secret());
    await().atMost(TIMEOUT).until(() -> authenticate(key).isEmpty());
    return key;
  }

  private String revoked() {
    var key = key(null);
    send(caller(owner), new RevokeApiKey(key.keyId(), null));
    var secret = String.valueOf(key.secret());
    await().atMost(TIMEOUT).until(() -> authenticate(secret).isEmpty());
    return secret;
  }

  /** Returns a token with the same claims and key id, signed by another key. */
  private static String forged(String token) {
    try {
      var seen = SignedJWT.parse(token);
      var copy = new SignedJWT(seen.getHeader(), seen.getJWTClaimsSet());
      copy.sign(new ECDSASigner(new ECKeyGenerator(Curve.P_256).generate()));
      return copy.serialize();
    } catch (ParseException | JOSEException exception) {
      throw new IllegalStateException(exception);
    }
  }
}
