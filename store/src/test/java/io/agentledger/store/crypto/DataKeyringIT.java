package io.agentledger.store.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import io.agentledger.api.content.Content;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.ActionEvent.QuestionAnswered;
import io.agentledger.api.session.event.ActionEvent.QuestionAsked;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.store.StoreTestSupport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;

/** A keyring of its own on the house's database: nothing was ever wrapped when a test begins. */
class DataKeyringIT extends StoreTestSupport {
  @TempDir Path home;
  @Autowired MasterKeys house;

  private DataKeyTable rows;
  private Path master;

  @BeforeEach
  void emptyKeyring() {
    sql.update("delete from keyring.session_key");
    sql.update("delete from keyring.master_key");
    var pool = new HikariConfig();
    pool.setJdbcUrl(database.getJdbcUrl());
    pool.setUsername(database.getUsername());
    pool.setPassword(database.getPassword());
    rows = new DataKeyTable(pool);
    master = home.resolve("master.json");
  }

  /** The house goes on with its own key. */
  @AfterEach
  void close() {
    rows.close();
    sql.update("delete from keyring.session_key");
    sql.update("delete from keyring.master_key");
    sql.update(
        "insert into keyring.master_key (id, state) values (?, 'primary')", house.primary().id());
  }

  private DataKeyring keyring() {
    var names = new MasterKeyTable(rows.connections());
    var source = new FileMasterKeySource(master);
    return new DataKeyring(
        rows, new MasterKeys(names, source, List.of(WrappedSecretTable.KEYRING), "node"));
  }

  private Sealer fresh() {
    return new AeadSealer(keyring(), new ContentStore(home));
  }

  private static final Class<? extends SessionEvent> EVENT = QuestionAnswered.class;

  @Test
  void contentOpensAfterARestartInItsPlaceOnly() {
    SessionId id = SessionId.next();
    Content sealed = fresh().seal(id, EVENT, "answers", "héllo");
    assertThat(sealed).isInstanceOf(Content.Inline.class);
    Sealer restarted = fresh();
    assertThat(restarted.open(id, EVENT, "answers", sealed)).isEqualTo("héllo");
    assertThat(restarted.open(id, EVENT, "answers", Content.ABSENT)).isEmpty();
    SessionId other = SessionId.next();
    restarted.seal(other, EVENT, "answers", "x");
    refuses(() -> restarted.open(other, EVENT, "answers", sealed));
    refuses(() -> restarted.open(id, QuestionAsked.class, "answers", sealed));
    refuses(() -> restarted.open(id, EVENT, "questions", sealed));
    var inline = (Content.Inline) sealed;
    refuses(
        () ->
            restarted.open(
                other, EVENT, "answers", new Content.Inline(other.value(), inline.ciphertext())));
    byte[] flipped = inline.ciphertext().clone();
    flipped[flipped.length - 1] ^= 1;
    refuses(() -> restarted.open(id, EVENT, "answers", new Content.Inline(id.value(), flipped)));
  }

  private static void refuses(Runnable open) {
    assertThatThrownBy(open::run)
        .isInstanceOf(ContentUnavailableException.class)
        .extracting(e -> ((ContentUnavailableException) e).reason())
        .isEqualTo(ContentUnavailableException.Reason.TAMPERED);
  }

  @Test
  void largeContentLiesInAFileUnderItsHash() throws IOException {
    SessionId id = SessionId.next();
    Sealer sealer = fresh();
    String edge = "x".repeat(Content.INLINE_BYTES_MAX);
    assertThat(sealer.seal(id, EVENT, "answers", edge)).isInstanceOf(Content.Inline.class);
    var stored = (Content.Stored) sealer.seal(id, EVENT, "answers", edge + "canary");
    Path file = home.resolve(stored.sha256().substring(0, 2)).resolve(stored.sha256().substring(2));
    assertThat(Files.size(file)).isEqualTo(stored.sizeBytes());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1))
        .doesNotContain("canary");
    assertThat(sealer.open(id, EVENT, "answers", stored)).endsWith("canary");

    byte[] bytes = Files.readAllBytes(file);
    bytes[100] ^= 1;
    Files.write(file, bytes);
    refuses(() -> sealer.open(id, EVENT, "answers", stored));
    Files.delete(file);
    assertThatThrownBy(() -> sealer.open(id, EVENT, "answers", stored))
        .extracting(e -> ((ContentUnavailableException) e).reason())
        .isEqualTo(ContentUnavailableException.Reason.LOST);
    assertThatThrownBy(
            () ->
                sealer.open(
                    id, EVENT, "answers", new Content.Stored(id.value(), "../../etc/passwd", 1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void contentThatCannotBeKeptIsNotSealed() throws IOException {
    Sealer sealer =
        new AeadSealer(keyring(), new ContentStore(Files.createFile(home.resolve("full"))));
    assertThatThrownBy(() -> sealer.seal(SessionId.next(), EVENT, "answers", "x".repeat(40_000)))
        .isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void whatIsErasedStaysErased() {
    SessionId id = SessionId.next();
    Content sealed = fresh().seal(id, EVENT, "answers", "gone");
    sql.update("delete from keyring.session_key where key_id = ?", id.value());
    assertThatThrownBy(() -> fresh().open(id, EVENT, "answers", sealed))
        .extracting(e -> ((ContentUnavailableException) e).reason())
        .isEqualTo(ContentUnavailableException.Reason.ERASED);
    assertThat(keys()).isZero(); // Looking has not made a new one.
  }

  private int keys() {
    return sql.queryForObject("select count(*) from keyring.session_key", Integer.class);
  }

  @Test
  void manyWhoMakeOneKeyGetTheSame() throws Exception {
    SessionId id = SessionId.next();
    List<Sealer> nodes = List.of(fresh(), fresh(), fresh(), fresh());
    List<Future<Content>> sealed = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Sealer node : nodes)
        for (int i = 0; i < 4; i++)
          sealed.add(threads.submit(() -> node.seal(id, EVENT, "answers", "one key")));
    }
    assertThat(keys()).isEqualTo(1);
    for (Future<Content> content : sealed)
      assertThat(fresh().open(id, EVENT, "answers", content.get())).isEqualTo("one key");
  }

  @Test
  void sealingNeverWaitsForThePoolOfTheEvents() throws Exception {
    List<Connection> all = new ArrayList<>();
    try {
      Sealer sealer = fresh();
      for (int i = 0; i < 20; i++) all.add(sql.getDataSource().getConnection());
      assertThat(sealer.seal(SessionId.next(), EVENT, "answers", "x")).isNotNull();
    } finally {
      for (Connection connection : all) connection.close();
    }
  }

  @Test
  void theMasterKeyIsItsOwnersAlone() throws IOException {
    keyring();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(master)))
        .isEqualTo("rw-------");
    Files.setPosixFilePermissions(master, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(this::keyring)
        .isInstanceOf(MasterKeyException.class)
        .hasMessageContaining("chmod 600");
  }

  @Test
  void aMissingMasterKeyIsNotReplacedWhileSomethingNeedsIt() throws IOException {
    fresh().seal(SessionId.next(), EVENT, "answers", "x");
    Files.delete(master);
    assertThatThrownBy(this::keyring)
        .isInstanceOf(MasterKeyException.class)
        .hasMessageContaining("missing")
        .hasMessageContaining(master.toString());
    assertThat(master).doesNotExist();
  }

  @Test
  void aWrongOrBrokenMasterKeyIsRefused() throws IOException {
    fresh().seal(SessionId.next(), EVENT, "answers", "x");
    Files.delete(master);
    new FileMasterKeySource(master).createKey();
    assertThatThrownBy(this::keyring)
        .isInstanceOf(MasterKeyException.class)
        .hasMessageContaining("not the one");
    Files.writeString(master, "{}");
    assertThatThrownBy(this::keyring)
        .isInstanceOf(MasterKeyException.class)
        .hasMessageContaining("holds no master key");
    Files.delete(master);
    Files.createDirectory(
        master, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    assertThatThrownBy(this::keyring)
        .isInstanceOf(MasterKeyException.class)
        .hasMessageContaining("cannot be read");
  }

  @Test
  void theKeyIsCommittedEvenWhenItsEventIsRolledBack() throws SQLException {
    SessionId id = SessionId.next();
    Sealer sealer = fresh();
    var transaction = transactions.startTransaction();
    Content sealed = sealer.seal(id, EVENT, "answers", "x");
    transaction.rollback();
    assertThat(sealer.open(id, EVENT, "answers", sealed)).isEqualTo("x");
    try (Connection owner = asOwner();
        Statement statement = owner.createStatement();
        var kept =
            statement.executeQuery(
                "select count(*) from keyring.session_key where key_id = '" + id + "'")) {
      kept.next();
      assertThat(kept.getInt(1)).isEqualTo(1);
    }
  }

  @Test
  void keysFromBeforeMasterKeysHadNamesAreTakenOver() {
    SessionId id = SessionId.next();
    Content sealed = fresh().seal(id, EVENT, "answers", "of old");
    sql.update("update keyring.session_key set master = null");
    sql.update("delete from keyring.master_key");
    assertThat(fresh().open(id, EVENT, "answers", sealed)).isEqualTo("of old");
    assertThat(
            sql.queryForObject(
                "select count(*) from keyring.session_key where master is null", Integer.class))
        .isZero();
  }
}
