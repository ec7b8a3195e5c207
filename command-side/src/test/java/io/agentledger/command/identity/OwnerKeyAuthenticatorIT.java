package io.agentledger.command.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.security.Authenticator;
import io.agentledger.command.CommandTestSupport;
import io.agentledger.command.support.DefaultEnvironmentIds;
import io.agentledger.command.support.SessionDefaults;
import io.agentledger.store.NodeHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class OwnerKeyAuthenticatorIT extends CommandTestSupport {
  @Autowired NodeHome home;
  @Autowired LocalOwnerTable owners;
  @Autowired SessionDefaults sessionDefaults;
  @Autowired DefaultEnvironmentIds environments;

  private String key() throws IOException {
    return Files.readString(home.root().resolve("owner.key")).strip();
  }

  /** As the next start of the service reads it. */
  private OwnerKeyAuthenticator restarted() {
    return new OwnerKeyAuthenticator(
        owners.establish(), owners, OwnerKeyFile.in(home.root()), home.node());
  }

  private static Optional<Caller> known(Authenticator by, String secret) {
    return by.authenticate(secret).toCompletableFuture().join();
  }

  private static Optional<Caller> known(OwnerKeyAuthenticator by, String secret) {
    return by.authenticate(OwnerKey.sha256(secret));
  }

  @Test
  void theKeyInTheHomeIsTheLocalOwners() throws IOException {
    var caller = known(authenticator, key());
    assertThat(caller).map(Caller::localOwner).contains(true);
    assertThat(key()).matches("alk_[A-Za-z0-9_-]{43}");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(home.root().resolve("owner.key"))))
        .isEqualTo("rw-------");
  }

  @Test
  void nobodyElseIsKnown() throws IOException {
    assertThat(known(authenticator, "")).isEmpty();
    assertThat(known(authenticator, key() + "x")).isEmpty();
    assertThat(known(authenticator, OwnerKey.random().secret())).isEmpty();
  }

  @Test
  void theDatabaseDoesNotKnowTheKey() throws IOException {
    var rows = sql.sql("select row_to_json(k)::text from local_owner_key k").query(String.class);
    assertThat(rows.list()).hasSize(1).noneMatch(row -> row.contains("alk_"));
  }

  @Test
  void theSameOwnerIsThereAfterARestart() throws IOException {
    assertThat(known(restarted(), key())).isEqualTo(known(authenticator, key()));
  }

  @Test
  void aLostKeyIsReplacedAndCountsNoMore() throws IOException {
    var lost = key();
    var row = owners.keyOf(home.node()).orElseThrow();
    var before = known(authenticator, lost).orElseThrow();
    Files.delete(home.root().resolve("owner.key"));
    try {
      var after = restarted();
      assertThat(known(after, lost)).isEmpty();
      var caller = known(after, key()).orElseThrow();
      assertThat(caller.user()).isEqualTo(before.user());
      assertThat(caller.credential()).isNotEqualTo(before.credential());
      assertThat(known(restarted(), key())).contains(caller);
    } finally { // Other classes use the same application context, which knows the first key.
      Files.writeString(home.root().resolve("owner.key"), lost);
      sql.sql("update local_owner_key set credential = ?, key_sha256 = ? where node = ?")
          .params(row.credential().value(), row.sha256(), home.node())
          .update();
    }
  }

  @Test
  void aKeyThatIsOpenToOthersIsClosed() throws IOException {
    var file = home.root().resolve("owner.key");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    restarted();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void aFileThatHoldsNoKeyStopsTheStart() throws IOException {
    var file = home.root().resolve("owner.key");
    var key = key();
    Files.writeString(file, "hello");
    assertThatThrownBy(this::restarted).hasMessageContaining("holds no owner's key");
    Files.writeString(file, key);
  }

  @Test
  void sessionsOpenWithTheOwnersAgentAndEnvironment() {
    var owner = owners.establish();
    assertThat(sessionDefaults.agent().id()).isEqualTo(owner.agent());
    assertThat(environments.idFor(owner.tenant())).isEqualTo(owner.environment());
    assertThat(sessionDefaults.options().model()).isEqualTo(sessionDefaults.agent().model().id());
  }

  @Test
  void aKeyIsNotPrinted() {
    assertThat(OwnerKey.random().toString()).isEqualTo("alk_***");
  }
}
