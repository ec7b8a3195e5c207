package io.agentledger.store.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.agentledger.api.content.Content;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.ActionEvent.QuestionAnswered;
import io.agentledger.api.shared.OpsRejection;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.store.TestInstallation;
import io.agentledger.store.crypto.MasterKeyRotation.KeyStatus;
import io.agentledger.store.crypto.MasterKeyRotation.Step;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;

/** Several nodes on one database, each with its own pool, cache and key source. */
class MasterKeyRotationIT {
  private static final WrappedSecretTable SIGNING =
      new WrappedSecretTable("keyring.test_key", "kid", WrappedSecretTable.Format.BYTES);

  @TempDir Path directory;

  private final List<Node> nodes = new ArrayList<>();
  private String url;
  private HikariDataSource pool;
  private JdbcTemplate sql;

  /** The components of a service that the rotation needs. */
  private final class Node implements AutoCloseable {
    final DataKeyTable table = new DataKeyTable(pool());
    final MasterKeyTable names = new MasterKeyTable(table.dataSource());
    final MasterKeys keys;
    final MasterKeyRotation rotation;
    final Sealer sealer;

    Node(String name, MasterKeySource source) {
      keys = new MasterKeys(names, source, List.of(WrappedSecretTable.KEYRING, SIGNING), name);
      rotation = new MasterKeyRotation(names, keys);
      sealer = new AeadSealer(new DataKeyring(table, keys), new ContentStore(directory));
    }

    Content seal(SessionId id, String text) {
      return sealer.seal(id, QuestionAnswered.class, "answers", text);
    }

    String open(SessionId id, Content content) {
      return sealer.open(id, QuestionAnswered.class, "answers", content);
    }

    void rotate() {
      for (Step step = rotation.step(); !(step instanceof Step.Done); step = rotation.step())
        if (step instanceof Step.Waiting) throw new AssertionError("waits: " + step);
    }

    @Override
    public void close() {
      if (table.isOpen()) keys.reportStopped();
      table.close();
    }
  }

  @BeforeEach
  void newDatabase() {
    url = TestInstallation.newDatabase();
    Flyway.configure()
        .dataSource(url, TestInstallation.owner().user(), TestInstallation.owner().password())
        .placeholders(Map.of("application", TestInstallation.application().user()))
        .load()
        .migrate();
    var owner =
        new JdbcTemplate(
            new org.springframework.jdbc.datasource.DriverManagerDataSource(
                url, TestInstallation.owner().user(), TestInstallation.owner().password()));
    owner.execute(
        """
        create table keyring.test_key (kid text primary key, wrapped bytea not null,
          master text not null references keyring.master_key)""");
    owner.execute(
        "grant select, insert, update, delete on keyring.test_key to "
            + TestInstallation.application().user());
    pool = new HikariDataSource(pool());
    sql = new JdbcTemplate(pool);
  }

  @AfterEach
  void close() {
    nodes.forEach(Node::close);
    pool.close();
  }

  private HikariConfig pool() {
    var config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setUsername(TestInstallation.application().user());
    config.setPassword(TestInstallation.application().password());
    // Closing a pool does not wake threads that wait for a connection.
    config.setConnectionTimeout(5000);
    return config;
  }

  private Node node(String name, String file) {
    var node = new Node(name, new FileMasterKeySource(directory.resolve(file)));
    nodes.add(node);
    return node;
  }

  private static String begin(Node node) {
    String next = node.rotation.findOrCreateNextKey();
    node.rotation.announce(next);
    node.rotation.announce(next); // Repeated as after an interruption.
    return next;
  }

  private int wrappedBy(String master) {
    return sql.queryForObject(
        "select count(*) from keyring.session_key where master = ?", Integer.class, master);
  }

  @Test
  void rotationRewrapsEverythingAndTheOldKeyCanBeRemoved() throws IOException {
    var node = node("a", "master.json");
    String old = node.keys.primary().id();
    Map<SessionId, Content> sealed = new ConcurrentHashMap<>();
    for (int i = 0; i < 250; i++) {
      var id = SessionId.next();
      sealed.put(id, node.seal(id, "text of " + id));
    }
    byte[] secret = "signs tokens".getBytes(StandardCharsets.UTF_8);
    var signing = node.keys.seal(SIGNING, "k1", secret);
    sql.update(
        "insert into keyring.test_key values ('k1', ?, ?)",
        signing.wrapped(),
        signing.masterKeyId());

    String next = begin(node);
    assertThat(next).isNotEqualTo(old);
    assertRejected(node.rotation::findOrCreateNextKey, new OpsRejection.RotationUnderway());
    assertRejected(() -> node.rotation.retire(next), new OpsRejection.MasterKeyInUse(next));
    // One batch of each table.
    assertThat(node.rotation.step()).isEqualTo(new Step.Rewrapped(101));
    assertThat(node.rotation.status())
        .extracting(KeyStatus::id, KeyStatus::status, KeyStatus::wrappedKeyCount)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(old, "old", 150L),
            org.assertj.core.groups.Tuple.tuple(next, "primary", 101L));
    node.rotate();
    assertThat(wrappedBy(next)).isEqualTo(250);

    node.rotation.retire(old);
    assertThat(
            new FileMasterKeySource(directory.resolve("master.json")).read().orElseThrow().keys())
        .containsOnlyKeys(next);
    var restarted = node("a", "master.json");
    sealed.forEach((id, text) -> assertThat(restarted.open(id, text)).isEqualTo("text of " + id));
    var kept =
        sql.queryForObject(
            "select wrapped, master from keyring.test_key",
            (row, n) -> new MasterKeys.WrappedSecret(row.getString(2), row.getBytes(1)));
    assertThat(restarted.keys.open(SIGNING, "k1", kept)).isEqualTo(secret);
    assertThatThrownBy(() -> restarted.keys.open(SIGNING, "k2", kept))
        .isInstanceOf(ContentUnavailableException.class);
  }

  private static void assertRejected(Runnable action, Rejection rejection) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(
            RejectionException.class, e -> assertThat(e.rejection()).isEqualTo(rejection));
  }

  @Test
  void rotationWaitsUntilEveryLiveNodeHasTheNewKey() throws IOException {
    var here = node("a", "a.json");
    Files.copy(directory.resolve("a.json"), directory.resolve("b.json"));
    var there = node("b", "b.json");
    String old = here.keys.primary().id();
    var id = SessionId.next();
    Content sealed = here.seal(id, "before");

    String next = begin(here);
    assertThat(here.rotation.step()).isEqualTo(new Step.Waiting(List.of("b")));
    var meanwhile = SessionId.next();
    Content duringWait = here.seal(meanwhile, "meanwhile");
    assertThat(wrappedBy(old)).isEqualTo(2);

    Files.copy(
        directory.resolve("a.json"),
        directory.resolve("b.json"),
        StandardCopyOption.REPLACE_EXISTING);
    there.keys.refresh(); // The watch of a node does this every few seconds.
    here.rotate();
    assertThat(wrappedBy(old)).isZero();
    assertThat(there.open(id, sealed)).isEqualTo("before");
    assertThat(there.open(meanwhile, duringWait)).isEqualTo("meanwhile");

    here.rotation.retire(old);
    var late = SessionId.next(); // The other node still uses the removed key.
    assertThat(there.keys.primary().id()).isEqualTo(old);
    Content after = there.seal(late, "after");
    assertThat(here.open(late, after)).isEqualTo("after");
    assertThat(wrappedBy(next)).isEqualTo(3);
  }

  @Test
  void rotationDoesNotWaitForADeadNode() {
    var here = node("a", "shared.json");
    var dead = node("b", "shared.json");
    here.seal(SessionId.next(), "x");
    begin(here);
    assertThat(here.rotation.step()).isEqualTo(new Step.Waiting(List.of("b")));
    sql.update(
        "update keyring.master_holder set seen_at = now() - interval '21 s' where node = 'b'");
    assertThat(here.rotation.step()).isEqualTo(new Step.Rewrapped(1));
    assertThat(dead.keys.primary().id()).isNotEqualTo(here.keys.primary().id());
  }

  @Test
  void nodeWithoutARequiredKeyDoesNotStart() throws IOException {
    var here = node("a", "a.json");
    Files.copy(directory.resolve("a.json"), directory.resolve("old.json"));
    here.seal(SessionId.next(), "x");
    begin(here);
    here.rotate();
    assertThatThrownBy(() -> node("b", "old.json"))
        .isInstanceOf(MasterKeyException.class)
        .hasMessageContaining("not the one");
  }

  @Test
  void nodeKnowsWhetherItIsTheOnlyOne() {
    var here = node("a", "shared.json");
    assertThat(here.keys.isOnlyNode()).isTrue();
    var there = node("b", "shared.json");
    assertThat(there.keys.isOnlyNode()).isFalse();
    here.keys.refresh();
    assertThat(here.keys.isOnlyNode()).isFalse();
    there.keys.reportStopped();
    here.keys.refresh();
    assertThat(here.keys.isOnlyNode()).isTrue();
  }

  @Test
  void readsAndWritesContinueWhileNodesRotateAndOneIsDisconnected() throws Exception {
    var first = node("a", "shared.json");
    var second = node("b", "shared.json");
    Map<SessionId, Content> sealed = new ConcurrentHashMap<>();
    for (int i = 0; i < 300; i++) {
      var id = SessionId.next();
      sealed.put(id, first.seal(id, id.value()));
    }
    String old = first.keys.primary().id();
    var over = new AtomicBoolean();
    List<Future<Integer>> writers = new ArrayList<>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Node node : List.of(first, second, first, second))
        writers.add(executor.submit(() -> write(node, sealed, over)));
      try {
        String next = begin(first);
        second.keys.refresh();
        first.rotation.step();
        first.table.close(); // The interrupted transaction is rolled back.
        var nextNode = node("a", "shared.json");
        nextNode.rotation.step(); // The other node still seals with the old key.
        second.keys.refresh();
        nextNode.rotate();
        int before = sealed.size();
        await().atMost(Duration.ofSeconds(60)).until(() -> sealed.size() > before + 50);
        // This also wraps what was being sealed with the old key.
        nextNode.rotation.retire(old);
        await().atMost(Duration.ofSeconds(60)).until(() -> sealed.size() > before + 100);
        over.set(true);
        for (var writer : writers) assertThat(writer.get()).isPositive();
        // A write that was cut off may have been committed without a report.
        assertThat(wrappedBy(old)).isZero();
        assertThat(wrappedBy(next)).isBetween(sealed.size(), sealed.size() + writers.size());
        var reader = node("c", "shared.json");
        sealed.forEach((id, text) -> assertThat(reader.open(id, text)).isEqualTo(id.value()));
      } finally {
        over.set(true);
      }
    }
  }

  /** Writes until the test ends, or the node is cut off. */
  private static int write(Node node, Map<SessionId, Content> sealed, AtomicBoolean over) {
    int written = 0;
    while (!over.get())
      try {
        var id = SessionId.next();
        Content content = node.seal(id, id.value());
        sealed.put(id, content);
        assertThat(node.open(id, content)).isEqualTo(id.value());
        written++;
      } catch (RuntimeException cutOff) {
        if (!node.table.isOpen()) return written;
        throw cutOff;
      }
    return written;
  }

  @Test
  void nextNodeCompletesTheRotationOfAKilledNode() throws Exception {
    var nextNode = node("a", "shared.json");
    Map<SessionId, Content> sealed = new ConcurrentHashMap<>();
    for (int i = 0; i < 3000; i++) {
      var id = SessionId.next();
      sealed.put(id, nextNode.seal(id, id.value()));
    }
    String old = nextNode.keys.primary().id();
    var doomed = startDoomed();
    try {
      await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(5))
          .until(
              () -> {
                // The node is alive, and gets the new key from the shared file.
                nextNode.keys.refresh();
                return wrappedBy(old) < 2900;
              });
    } finally {
      doomed.destroyForcibly().waitFor();
    }
    int left = wrappedBy(old);
    assertThat(left).as("it was killed in the middle").isBetween(1, 2899);
    sealed.forEach((id, text) -> assertThat(nextNode.open(id, text)).isEqualTo(id.value()));

    nextNode.rotate();
    assertThat(wrappedBy(old)).isZero();
    nextNode.rotation.retire(old);
    var reader = node("b", "shared.json");
    sealed.forEach((id, text) -> assertThat(reader.open(id, text)).isEqualTo(id.value()));
  }

  private Process startDoomed() throws IOException {
    var line = new ArrayList<String>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(TestInstallation.JVM_OPTIONS);
    line.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            KeyRotationNode.class.getName(),
            url,
            TestInstallation.application().user(),
            TestInstallation.application().password(),
            directory.toString()));
    return new ProcessBuilder(line)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  @Test
  void environmentVariableWithTwoKeysAllowsRotation() throws GeneralSecurityException {
    var keyset = TinkKeysets.createFirst();
    var before =
        new Node("a", new EnvironmentVariableMasterKeySource("KEYS", TinkKeysets.json(keyset)));
    var id = SessionId.next();
    Content sealed = before.seal(id, "x");
    String old = before.keys.primary().id();
    assertRejected(before.rotation::findOrCreateNextKey, new OpsRejection.NoOtherMasterKey());
    before.close();

    String both = TinkKeysets.json(TinkKeysets.withAnother(keyset));
    var after = new Node("a", new EnvironmentVariableMasterKeySource("KEYS", both));
    nodes.add(after);
    assertThat(after.keys.primary().id()).isEqualTo(old); // The rotation starts only on request.
    String next = begin(after);
    after.rotate();
    assertThat(wrappedBy(next)).isEqualTo(1);
    assertThat(after.open(id, sealed)).isEqualTo("x");
  }

  @Test
  void kmsWrapsKeysWithoutRevealingItsOwn() throws Exception {
    String first = "aws-kms://arn:aws:kms:eu-central-1:111122223333:key/first";
    String second = "aws-kms://arn:aws:kms:eu-central-1:111122223333:key/second";
    try (var service = new FakeKms()) {
      var client = new AwsKmsClient(region -> aws(service, region));
      var before = new Node("a", new KmsMasterKeySource(client, List.of(first)));
      var id = SessionId.next();
      Content sealed = before.seal(id, "x");
      assertThat(service.requests).contains("TrentService.Encrypt");
      assertRejected(before.rotation::findOrCreateNextKey, new OpsRejection.NoOtherMasterKey());
      before.close();

      var after = new Node("a", new KmsMasterKeySource(client, List.of(second, first)));
      nodes.add(after);
      String next = begin(after);
      after.rotate();
      assertThat(wrappedBy(next)).isEqualTo(1);
      assertThat(after.open(id, sealed)).isEqualTo("x");
      sql.update("update keyring.session_key set key_id = 'ses_2222222222'");
      assertThatThrownBy(
              () -> new Node("b", new KmsMasterKeySource(client, List.of(second, first))))
          .as("a wrapped key belongs to its owner")
          .isInstanceOf(MasterKeyException.class);
    }
  }

  private static software.amazon.awssdk.services.kms.KmsClient aws(
      FakeKms service, software.amazon.awssdk.regions.Region region) {
    return software.amazon.awssdk.services.kms.KmsClient.builder()
        .region(region)
        .endpointOverride(service.address())
        .credentialsProvider(
            software.amazon.awssdk.auth.credentials.StaticCredentialsProvider.create(
                software.amazon.awssdk.auth.credentials.AwsBasicCredentials.create(
                    "AKIDEXAMPLE", "not-a-real-secret")))
        .build();
  }

  @Test
  void rejectsInvalidKmsKeyUris() {
    assertThatThrownBy(
            () ->
                new KmsMasterKeySource(
                    AwsKmsClient.fromEnvironment(), List.of("aws-kms://alias/somewhere")))
        .isInstanceOf(MasterKeyException.class)
        .hasMessageContaining("aws-kms://alias/somewhere");
  }

  @Test
  void errorDoesNotQuoteAMalformedVariable() {
    assertThatThrownBy(() -> new EnvironmentVariableMasterKeySource("KEYS", "{\"a\": \"canary\"}"))
        .isInstanceOf(MasterKeyException.class)
        .hasNoCause()
        .hasMessageContaining("KEYS")
        .hasMessageNotContaining("canary");
  }
}
