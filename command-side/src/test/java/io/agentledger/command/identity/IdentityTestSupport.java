package io.agentledger.command.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.DisplayName;
import io.agentledger.api.identity.EmailAddress;
import io.agentledger.api.identity.InvitationId;
import io.agentledger.api.identity.Password;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.RequestSource;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Secret;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.command.InvitationCommand.AcceptInvitation;
import io.agentledger.api.identity.command.InvitationCommand.InviteUser;
import io.agentledger.api.identity.command.IssuedInvitation;
import io.agentledger.api.identity.command.LoginCommand.SignIn;
import io.agentledger.api.identity.command.SignInResult;
import io.agentledger.api.identity.command.SignInResult.Refused;
import io.agentledger.api.identity.command.SignInResult.SignedIn;
import io.agentledger.api.identity.command.TokenPair;
import io.agentledger.api.identity.security.TokenIssuerMetadata;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.StableNames;
import io.agentledger.command.CommandTestSupport;
import io.agentledger.command.support.SessionDefaults;
import io.agentledger.store.NodeHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.eventhandling.DomainEventMessage;
import org.springframework.beans.factory.annotation.Autowired;

/** Test of command handlers with users, as the gateway sends the commands. */
public abstract class IdentityTestSupport extends CommandTestSupport {
  protected static final String PASSWORD = "correct horse battery";
  private static final AtomicInteger COUNT = new AtomicInteger();

  @Autowired protected NodeHome home;
  @Autowired private SessionDefaults sessionDefaults;
  @Autowired protected TokenIssuerMetadata accessTokens;

  /** User with an email address and a password. */
  protected record TestUser(UserId id, TenantId tenant, String email) {}

  /** Returns the id of the only agent. */
  protected AgentId agentId() {
    return sessionDefaults.agent().id();
  }

  protected static String newAddress() {
    return "person" + COUNT.incrementAndGet() + "@example.org";
  }

  /** Returns the metadata of an anonymous client with an IP address. */
  protected static Map<String, Object> anonymousMetadata(String ip) {
    var metadata = new HashMap<String, Object>();
    metadata.put(Provenance.REQUEST, "req_test");
    metadata.put(Provenance.IP, ip);
    metadata.put(Provenance.USER_AGENT, "test/1");
    return metadata;
  }

  protected static String newIp() {
    int n = COUNT.incrementAndGet();
    return "192.0." + n / 250 + "." + n % 250;
  }

  protected <R> R sendAnonymously(Object command) {
    return sendAnonymously(command, newIp());
  }

  protected <R> R sendAnonymously(Object command, String ip) {
    return commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(command).withMetaData(anonymousMetadata(ip)));
  }

  protected <R> R sendAs(Caller caller, Object command) {
    var provenance = caller.provenance("req_test");
    var there =
        new Provenance(
            provenance.tenant(),
            provenance.actor(),
            provenance.credential(),
            provenance.request(),
            new RequestSource("192.0.2.1", "t"));
    return commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(command).withMetaData(caller.asMetadata(there)));
  }

  protected Caller localOwner() {
    try {
      var key = Files.readString(home.root().resolve("owner.key")).strip();
      return authenticate(key).orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  protected Optional<Caller> authenticate(String secret) {
    return authenticator.authenticate(secret).toCompletableFuture().join();
  }

  protected Optional<Caller> currentCaller(TokenPair tokens) {
    return currentCaller(tokens.userId(), tokens.loginId());
  }

  protected Optional<Caller> currentCaller(UserId user, CredentialId login) {
    return authenticator.currentCaller(user, login).toCompletableFuture().join();
  }

  /** Creates a user by an invitation of the local owner. */
  protected TestUser createUser(Role role) {
    return createUser(role, localOwner().tenant());
  }

  protected TestUser createUser(Role role, TenantId tenant) {
    var email = newAddress();
    IssuedInvitation invitation =
        sendAs(
            localOwner(),
            new InviteUser(
                InvitationId.next(), tenant, UserId.next(), new EmailAddress(email), role, null));
    UserId id =
        sendAnonymously(
            new AcceptInvitation(
                new Secret(invitation.token()), new DisplayName("Somebody"), password()));
    return new TestUser(id, tenant, email);
  }

  protected static Password password() {
    return new Password(PASSWORD);
  }

  protected TokenPair signedIn(TestUser user) {
    return tokens(sendAnonymously(new SignIn(user.email(), new Secret(PASSWORD))));
  }

  protected Caller caller(TestUser user) {
    return currentCaller(signedIn(user)).orElseThrow();
  }

  protected static TokenPair tokens(SignInResult signInResult) {
    assertThat(signInResult).isInstanceOf(SignedIn.class);
    return ((SignedIn) signInResult).tokens();
  }

  protected static Rejection refusal(SignInResult signInResult) {
    assertThat(signInResult).isInstanceOf(Refused.class);
    return ((Refused) signInResult).rejection();
  }

  protected static Rejection rejection(Runnable request) {
    var failure = catchThrowable(request::run);
    assertThat(failure).isInstanceOf(RejectionException.class);
    return ((RejectionException) failure).rejection();
  }

  protected List<? extends DomainEventMessage<?>> history(String aggregate) {
    return store.readEvents(aggregate, 0).asStream().toList();
  }

  protected List<String> names(String aggregate) {
    return history(aggregate).stream().map(m -> StableNames.of(m.getPayloadType())).toList();
  }
}
