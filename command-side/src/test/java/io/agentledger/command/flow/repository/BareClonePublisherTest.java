package io.agentledger.command.flow.repository;

import static io.agentledger.command.flow.provider.ProviderFixture.MARKER;
import static io.agentledger.command.flow.provider.ProviderFixture.TENANT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.agentledger.api.flow.SourceProvider;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.vault.SecretValue;
import io.agentledger.command.flow.provider.ProviderFixture;
import io.agentledger.command.flow.provider.ProviderRefusedException;
import io.agentledger.command.flow.provider.ProviderUnavailableException;
import io.agentledger.command.workspace.CheckpointFiles.CheckpointTree;
import io.agentledger.command.workspace.git.GitFetcher;
import io.agentledger.command.workspace.git.GitSettings;
import io.agentledger.store.flow.GitBackend;
import io.agentledger.store.flow.GitHubStandIn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Publication into a repository that git's own server serves; results checked with git. */
class BareClonePublisherTest {
  private static final SessionId SESSION = SessionId.next();
  private static final String BRANCH = "ledger/flw_1";

  private Path bare;
  private Path clones;
  private GitHubStandIn gitHub;
  private ProviderFixture fixture;
  private GitFetcher gitFetcher;
  private CheckpointTree checkpoint;
  private String base;
  private final PublishingFixture files = new PublishingFixture();

  @BeforeEach
  void start(@TempDir Path temporary) throws IOException {
    gitHub = new GitHubStandIn(Files.createDirectory(temporary.resolve("served")));
    bare = temporary.resolve("served").resolve(GitHubStandIn.REPOSITORY + ".git");
    clones = Files.createDirectory(temporary.resolve("clones"));
    use(GitHubStandIn.TOKEN);
    var work = Files.createDirectory(temporary.resolve("work"));
    commitBase(work);
  }

  private void use(String token) {
    fixture = new ProviderFixture(gitHub.port(), new SecretValue.StaticBearer(gitHub.url(), token));
    gitFetcher =
        new GitFetcher(
            fixture.outbound(),
            fixture.destinations(),
            new NoSecrets(),
            new GitSettings(Duration.ofSeconds(30), true));
  }

  /** Commits files, links, a submodule, an ignored file that is tracked, and attributes. */
  private void commitBase(Path work) throws IOException {
    git(work.getParent(), "clone", "-q", bare.toString(), "work");
    Files.writeString(work.resolve(".gitignore"), "*.log\ntarget/\n");
    Files.writeString(work.resolve(".gitattributes"), "*.txt text eol=crlf filter=evil\n");
    Files.writeString(work.resolve("tracked.log"), "tracked\n");
    Files.writeString(work.resolve("words.txt"), "a line\n");
    Files.createDirectory(work.resolve("bin"));
    Files.writeString(work.resolve("bin/run"), "#!/bin/sh\n");
    Files.setPosixFilePermissions(
        work.resolve("bin/run"), PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createSymbolicLink(work.resolve("out"), Path.of("/etc/hostname"));
    Files.createDirectories(work.resolve(".github/workflows"));
    Files.writeString(work.resolve(".github/workflows/ci.yml"), "on: push\n");
    git(work, "add", "-A", "-f");
    git(
        work,
        "update-index",
        "--add",
        "--cacheinfo",
        "160000,1234567890123456789012345678901234567890,lib");
    git(work, "commit", "-q", "-m", "base");
    git(work, "push", "-q", "origin", "HEAD:main");
    base = git(bare, "rev-parse", "main");
    files
        .file("read.me", "first\n")
        .file(".gitignore", "*.log\ntarget/\n")
        .file(".gitattributes", "*.txt text eol=crlf filter=evil\n")
        .file("tracked.log", "tracked\n")
        .file("words.txt", "a line\n")
        .folder("bin")
        .file("bin/run", 0755, "#!/bin/sh\n".getBytes())
        .link("out", "/etc/hostname")
        .file(".github/workflows/ci.yml", "on: push\n")
        .folder("lib");
  }

  @AfterEach
  void stop() {
    gitFetcher.close();
    fixture.close();
    gitHub.close();
  }

  private static String git(Path folder, String... arguments) throws IOException {
    var command = new String[arguments.length + 1];
    command[0] = "git";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    return GitBackend.run(folder, command);
  }

  private BareClonePublisher publisher(boolean allowWorkflows) {
    return new BareClonePublisher(
        gitFetcher,
        fixture.logins(),
        session -> session.equals(SESSION) ? Optional.ofNullable(checkpoint) : Optional.empty(),
        PublishingFixture.settings(allowWorkflows),
        clones);
  }

  private PublishRequest request(String branch, String marker) {
    return new PublishRequest(
        SESSION,
        ProviderFixture.connection(SourceProvider.GITHUB, gitHub.apiUrl()),
        gitHub.repositoryUrl(),
        "main",
        branch,
        "Ada <ada@example.com>",
        "Change it\n\nFor @octocat, fixes #1",
        marker);
  }

  private Optional<PublishedBranch> publish() throws IOException {
    checkpoint = files.clonedFrom(base);
    try {
      return publisher(false).publish(TENANT, request(BRANCH, MARKER));
    } finally {
      try (var left = Files.list(clones)) {
        assertThat(left).as("clones that were left").isEmpty();
      }
    }
  }

  private void assertRefused(String text) {
    assertThatExceptionOfType(ProviderRefusedException.class)
        .isThrownBy(this::publish)
        .withMessageContaining(text);
    assertThat(branches()).doesNotContain(BRANCH);
  }

  private String branches() {
    try {
      return git(bare, "for-each-ref", "--format=%(refname:short) %(objectname)");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void changesArePushedAsOneCommitOnTheClonedOne() throws IOException {
    files
        .file("read.me", "changed\n")
        .file("new/file.bin", 0600, new byte[] {0, 1, 2, (byte) 0xff, '\r', '\n'})
        .file("words.txt", "not\r\nconverted\n")
        .file("debug.log", "ignored\n")
        .file("target/classes/A.class", "ignored\n")
        .file("tracked.log", "still tracked\n")
        .file("lib/inside", "of the submodule\n")
        .file(".git/config", "[core]\n\tfsmonitor = touch /tmp/owned\n")
        .file("new/.git/hooks/pre-push", 0755, "#!/bin/sh\nexit 1\n".getBytes())
        .file("new/tool", 0755, "x".getBytes())
        .link("new/link", "../read.me")
        .without("bin/run");
    var published = publish().orElseThrow();
    assertThat(git(bare, "rev-parse", BRANCH)).isEqualTo(published.commit());
    assertThat(git(bare, "rev-parse", BRANCH + "^")).isEqualTo(base);
    assertThat(git(bare, "diff", "--raw", "--abbrev=4", "main", BRANCH).lines())
        .map(line -> line.replaceFirst("^:(\\d+) (\\d+) \\S+ \\S+ ", "$1 $2 "))
        .containsExactly(
            "100755 000000 D\tbin/run",
            "000000 100644 A\tnew/file.bin",
            "000000 120000 A\tnew/link",
            "000000 100755 A\tnew/tool",
            "100644 100644 M\tread.me",
            "100644 100644 M\ttracked.log",
            "100644 100644 M\twords.txt");
    assertThat(git(bare, "show", BRANCH + ":words.txt")).isEqualTo("not\r\nconverted");
    assertThat(git(bare, "cat-file", "-s", BRANCH + ":new/file.bin")).isEqualTo("6");
    assertThat(git(bare, "log", "-1", "--format=%an <%ae>|%cn <%ce>|%B", BRANCH).strip())
        .isEqualTo(
            "Ada <ada@example.com>|Ledger <ledger@noreply.invalid>|Change it\n\n"
                + "For @\u200boctocat, fixes #\u200b1\n\nAgentledger-Flow: flw_1");
    assertThat(git(bare, "fsck", "--strict")).doesNotContain("error");
  }

  @Test
  void nothingIsPushedIfNoFileDiffers() throws IOException {
    files.file("debug.log", "ignored\n");
    assertThat(publish()).isEmpty();
    assertThat(branches()).doesNotContain(BRANCH);
  }

  @Test
  void repetitionResultsInTheSameCommit() throws IOException {
    files.file("read.me", "changed\n");
    var first = publish();
    git(bare, "config", "http.receivepack", "false"); // A push would fail now.
    assertThat(publish()).isEqualTo(first);
  }

  @Test
  void commitIsTheSameAfterTheBaseHasMoved() throws IOException {
    files.file("read.me", "changed\n");
    var first = publish();
    var moved = git(bare, "commit-tree", base + "^{tree}", "-p", base, "-m", "merged by somebody");
    git(bare, "update-ref", "refs/heads/main", moved);
    git(bare, "update-ref", "-d", "refs/heads/" + BRANCH);
    assertThat(publish()).as("after a crash before the push").isEqualTo(first);
  }

  @Test
  void laterFilesReplaceTheOwnBranch() throws IOException {
    files.file("read.me", "changed\n");
    publish();
    files.file("read.me", "changed again\n");
    var second = publish().orElseThrow();
    assertThat(git(bare, "rev-parse", BRANCH)).isEqualTo(second.commit());
    assertThat(git(bare, "rev-list", "--count", "main.." + BRANCH)).isEqualTo("1");
  }

  @Test
  void branchOfOthersIsNeverReplaced() throws IOException {
    files.file("read.me", "changed\n");
    publish();
    var theirs = git(bare, "commit-tree", base + "^{tree}", "-p", BRANCH, "-m", "by somebody");
    git(bare, "update-ref", "refs/heads/" + BRANCH, theirs);
    files.file("read.me", "changed again\n");
    assertThatExceptionOfType(ProviderRefusedException.class)
        .isThrownBy(this::publish)
        .withMessageContaining("not one of this flow");
    checkpoint = files.clonedFrom(base);
    assertThatExceptionOfType(ProviderRefusedException.class)
        .isThrownBy(() -> publisher(false).deleteBranch(TENANT, request(BRANCH, MARKER)));
    assertThat(git(bare, "rev-parse", BRANCH)).isEqualTo(theirs);
  }

  @Test
  void branchOfAnotherFlowIsNotReplaced() throws IOException {
    files.file("read.me", "changed\n");
    publish();
    files.file("read.me", "changed again\n");
    checkpoint = files.clonedFrom(base);
    var other = request(BRANCH, "<!-- agentledger:flw_2 -->");
    assertThatExceptionOfType(ProviderRefusedException.class)
        .isThrownBy(() -> publisher(false).publish(TENANT, other));
  }

  @Test
  void ownBranchIsDeletedOnce() throws IOException {
    files.file("read.me", "changed\n");
    publish();
    publisher(false).deleteBranch(TENANT, request(BRANCH, MARKER));
    assertThat(branches()).doesNotContain(BRANCH);
    publisher(false).deleteBranch(TENANT, request(BRANCH, MARKER));
  }

  @Test
  void changeOfAWorkflowIsRefusedUnlessItIsPermitted() throws IOException {
    files.file(".github/workflows/ci.yml", "on: pull_request_target\n");
    assertRefused("allow-workflows");
    files.without(".github/workflows/ci.yml");
    assertRefused("allow-workflows");
    checkpoint = files.clonedFrom(base);
    assertThat(publisher(true).publish(TENANT, request(BRANCH, MARKER))).isPresent();
  }

  @Test
  void hostileFilesAreRefused() {
    files.link("leak", "/etc/passwd");
    assertRefused("leak is a link that leads out");
    files.without("leak").link("leak", "../../secret");
    assertRefused("leads out");
    files.without("leak").file("sub/GIT~1/config", "x");
    assertRefused("name that git does not check out");
    files.without("sub/GIT~1/config").file(".gitmodules", "[submodule \"x\"]\n");
    assertRefused("submodules");
    files.without(".gitmodules").without("lib").file("big", 0644, new byte[300 * 1024]);
    assertRefused("big is larger than");
  }

  @Test
  void unchangedLinkThatLeadsOutIsKept() throws IOException {
    files.file("read.me", "changed\n");
    publish();
    assertThat(git(bare, "show", BRANCH + ":out")).isEqualTo("/etc/hostname");
  }

  @Test
  void tooManyChangesAreRefused() {
    for (int i = 0; i <= PublishingFixture.FILES_MAX; i++) files.file("f" + i, "x");
    assertRefused("more than " + PublishingFixture.FILES_MAX + " files");
  }

  @Test
  void changeThatIsTooLargeForAPushIsRefused() {
    var random = new Random(1);
    for (int i = 0; i < 4; i++) {
      var content = new byte[200 * 1024]; // Cannot be compressed.
      random.nextBytes(content);
      files.file("f" + i, 0644, content);
    }
    assertRefused("push-bytes-max");
  }

  @Test
  void invalidBranchIsRefused() {
    checkpoint = files.clonedFrom(base);
    for (var branch :
        new String[] {"", "-x", "a..b", "a b", "a~1", "x.lock", "main", "a/", "@{x", "/a", "a\nb"})
      assertThatExceptionOfType(ProviderRefusedException.class)
          .as(branch)
          .isThrownBy(() -> publisher(false).publish(TENANT, request(branch, MARKER)));
  }

  @Test
  void sessionThatWasNotClonedOrNotStoredIsRefused() {
    checkpoint = files.clonedFrom(null);
    assertThatExceptionOfType(ProviderRefusedException.class)
        .isThrownBy(() -> publisher(false).publish(TENANT, request(BRANCH, MARKER)))
        .withMessageContaining("not created from a repository");
    checkpoint = null;
    assertThatExceptionOfType(ProviderRefusedException.class)
        .isThrownBy(() -> publisher(false).publish(TENANT, request(BRANCH, MARKER)))
        .withMessageContaining("no stored files");
  }

  @Test
  void commitOfAnotherRepositoryIsRefused() {
    base = "0123456789012345678901234567890123456789";
    files.file("read.me", "changed\n");
    assertRefused("does not belong to the branch main");
  }

  /** As the commit of a fork is, which the server of the repository gives out, too. */
  @Test
  void commitOutsideOfTheBaseBranchIsRefused() throws IOException {
    var foreign = git(bare, "commit-tree", base + "^{tree}", "-m", "of a fork");
    git(bare, "update-ref", "refs/pull/1/head", foreign);
    git(bare, "config", "uploadpack.allowAnySHA1InWant", "true");
    base = foreign;
    files.file("read.me", "changed\n");
    assertRefused("does not belong to the branch main");
  }

  @Test
  void baseBranchMayHaveMovedByAMerge() throws IOException {
    git(bare, "config", "uploadpack.allowFilter", "true");
    var side = git(bare, "commit-tree", base + "^{tree}", "-p", base + "^", "-m", "side");
    var merge = git(bare, "commit-tree", base + "^{tree}", "-p", side, "-p", base, "-m", "merged");
    git(bare, "update-ref", "refs/heads/main", merge);
    files.file("read.me", "changed\n");
    assertThat(publish()).isPresent();
    assertThat(git(bare, "rev-parse", BRANCH + "^")).isEqualTo(base);
  }

  @Test
  void serverThatIsAwayMayBeTriedAgain() {
    files.file("read.me", "changed\n");
    gitHub.close();
    assertThatExceptionOfType(ProviderUnavailableException.class).isThrownBy(this::publish);
  }

  @Test
  void otherTokenIsRefused() throws IOException {
    files.file("read.me", "changed\n");
    publish(); // The login is known now.
    gitFetcher.close();
    fixture.close();
    use("ghp_revoked");
    files.file("read.me", "changed again\n");
    assertThatExceptionOfType(ProviderRefusedException.class)
        .isThrownBy(this::publish)
        .withMessageContaining("credential");
  }

  @Test
  void protectedBranchIsRefused() throws IOException {
    var hook = bare.resolve("hooks/pre-receive");
    Files.createDirectories(hook.getParent());
    Files.writeString(hook, "#!/bin/sh\nexit 1\n");
    Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));
    files.file("read.me", "changed\n");
    assertRefused("refuses the push");
  }

  @Test
  void clonesOfAKilledServiceAreRemoved() throws IOException {
    var left = Files.createDirectories(clones.resolve("clone123/objects"));
    Files.writeString(left.resolve("object"), "x");
    publisher(false);
    assertThat(clones).isEmptyDirectory();
  }

  @Test
  void credentialIsWrittenNowhere() throws IOException {
    files.file("read.me", "changed\n");
    publish();
    try (var all = Files.walk(bare.getParent())) {
      for (var file : all.filter(Files::isRegularFile).toList())
        assertThat(
                new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
            .doesNotContain(GitHubStandIn.TOKEN);
    }
  }
}
