package io.agentledger.command.flow.repository;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.agentledger.command.flow.provider.ProviderRefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChangeRulesTest {
  private final ChangeRules rules = new ChangeRules(PublishingFixture.settings(false));

  private static void assertRefused(Runnable check) {
    assertThatExceptionOfType(ProviderRefusedException.class).isThrownBy(check::run);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".github/workflows/ci.yml",
        ".github/workflows",
        ".GitHub/Workflows/ci.yml",
        ".github",
        ".gitmodules"
      })
  void protectedPathIsRefused(String path) {
    assertRefused(() -> rules.checkPath(path));
  }

  @Test
  void workflowsMayBePermitted() {
    var permitting = new ChangeRules(PublishingFixture.settings(true));
    assertThatCode(() -> permitting.checkPath(".github/workflows/ci.yml"))
        .doesNotThrowAnyException();
    assertRefused(() -> permitting.checkPath(".gitmodules"));
  }

  @ParameterizedTest
  @ValueSource(strings = {".github/CODEOWNERS", "sub/.github/workflows/x", "src/a b", "ü/é.txt"})
  void ordinaryPathIsAccepted(String path) {
    assertThatCode(
            () -> {
              rules.checkPath(path);
              rules.checkName(path);
            })
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../x",
        "a/../b",
        "/etc/passwd",
        "a//b",
        ".git/config",
        "sub/.GIT/config",
        "git~1/x",
        ".git\u200c/config",
        "a:b",
        "con",
        "x.",
        "a\\b"
      })
  void hostileNameIsRefused(String path) {
    assertRefused(() -> rules.checkName(path));
  }

  @ParameterizedTest
  @CsvSource({
    "link, /etc/passwd",
    "link, ..",
    "sub/link, ../../x",
    "sub/link, a/../../../x",
    "link, .git/config",
    "link, GIT~1/config",
    "link, '.git /config'",
    "link, a/../b",
    "link, 'a\\..\\..\\x'",
    "link, ''"
  })
  void linkThatLeadsOutIsRefused(String path, String target) {
    assertRefused(() -> rules.checkLink(path, target));
  }

  @ParameterizedTest
  @CsvSource({"link, a", "sub/link, ../a/b", "sub/deep/link, ../../x", "sub/link, .././a/b"})
  void linkInsideIsAccepted(String path, String target) {
    assertThatCode(() -> rules.checkLink(path, target)).doesNotThrowAnyException();
  }

  @Test
  void numberOfChangesIsLimited() {
    for (int i = 0; i < PublishingFixture.FILES_MAX; i++) rules.checkPath("file" + i);
    assertRefused(() -> rules.checkPath("another"));
  }
}
