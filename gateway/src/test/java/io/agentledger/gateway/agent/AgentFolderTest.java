package io.agentledger.gateway.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.agent.AgentSharing;
import io.agentledger.api.agent.AgentView;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Json;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.problem.InvalidRequestException.Violation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.zip.UnixStat;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentFolderTest {
  private static final WireJson JSON = new WireJson();
  private static final String SESSION =
      """
      {"budget_usd": "2", "options": {"max_turns": 7, "model": "claude-a",
        "permission_mode": "plan", "allowed_tools": ["Read", "Bash(npm test:*)"],
        "disallowed_tools": ["@web"], "env": {"REGION": "eu"},
        "agents": {"tester": {"description": "Tests: if asked", "prompt": "You test.",
          "tools": ["Read", "Bash"], "max_turns": 3, "background": true}}}}
      """;

  private final AgentFolder folder = new AgentFolder(JSON);

  private static AgentView agent() {
    return agent(SESSION);
  }

  private static AgentView agent(String session) {
    return new AgentView(
        AgentId.next(),
        UserId.next(),
        AgentSharing.PRIVATE,
        List.of(),
        "reviewer",
        "Reviews",
        new Json(session),
        "Be brief.",
        List.of(),
        List.of("plan"),
        1,
        Instant.EPOCH,
        Instant.EPOCH,
        null);
  }

  private static List<String> violations(InvalidRequestException exception) {
    return exception.errors().stream().map(Violation::pointer).toList();
  }

  @Test
  void exportedAgentIsImportedUnchanged() {
    var files = folder.toFiles(agent());
    assertThat(files.keySet())
        .containsExactly(
            ".claude/agents/tester.md", ".claude/settings.json", "CLAUDE.md", "agent.json");
    assertThat(files.get(".claude/agents/tester.md"))
        .isEqualTo(
            """
            ---
            name: "tester"
            background: true
            description: "Tests: if asked"
            maxTurns: 3
            tools: "Read, Bash"
            ---
            You test.
            """);
    assertThat(JSON.parseObject(files.get(".claude/settings.json")).toString())
        .isEqualTo(
            "{\"env\":{\"REGION\":\"eu\"},\"model\":\"claude-a\",\"permissions\":"
                + "{\"allow\":[\"Read\",\"Bash(npm test:*)\"],\"defaultMode\":\"plan\"}}");
    var request =
        folder.toRequest(AgentZip.decode(AgentZip.read(AgentZip.write(AgentZip.encode(files)))));
    assertThat(request.name()).isEqualTo("reviewer");
    assertThat(request.instructions()).isEqualTo("Be brief.");
    assertThat(request.writableFolders()).containsExactly("plan");
    assertThat(JSON.parseObject(Objects.requireNonNull(request.session()).text()))
        .isEqualTo(JSON.parseObject(SESSION));
  }

  @Test
  void subagentIsReadAsClaudeCodeReadsIt() {
    var text =
        "---\nname: tester\ndescription: Use it when: asked\ntools: Read, Bash\nmodel: inherit\n"
            + "color: red\n---\n\nYou test.\n";
    var subagent = SubagentFile.parse("a.md", "a", text);
    assertThat(subagent.name()).isEqualTo("tester");
    assertThat(subagent.definition().toString())
        .isEqualTo(
            "{\"description\":\"Use it when: asked\",\"tools\":[\"Read\",\"Bash\"],"
                + "\"prompt\":\"You test.\"}");
  }

  /** A name that YAML reads as a number, a prompt with blanks at its ends, and no tools at all. */
  @Test
  void subagentsAreExportedWithoutLoss() {
    var session =
        JSON.parseObject(
            """
            {"options": {"agents": {
              "1e3": {"description": "a", "prompt": "p"},
              "blanks": {"description": "a", "prompt": " p\\n\\n"},
              "commas": {"description": "a", "prompt": "p", "tools": ["Bash(a, b)"]},
              "none": {"description": "a", "prompt": "p", "tools": []}}}}
            """);
    var files = folder.toFiles(agent(session.toString()));
    assertThat(files.keySet())
        .containsExactly(
            ".claude/agents/1e3.md", ".claude/agents/none.md", "CLAUDE.md", "agent.json");
    var request = folder.toRequest(files);
    assertThat(JSON.parseObject(Objects.requireNonNull(request.session()).text()))
        .isEqualTo(session);
  }

  @Test
  void subagentWithTheNameOfAnotherOneIsRefused() {
    var file = "---\nname: tester\ndescription: a\n---\np";
    var files =
        new TreeMap<>(
            Map.of(
                "agent.json", "{\"name\": \"a\"}",
                ".claude/agents/a.md", file,
                ".claude/agents/b.md", file));
    assertRefused(files, "/.claude~1agents~1b.md", ".claude/agents/a.md");
    files.remove(".claude/agents/b.md");
    files.put(
        "agent.json",
        "{\"name\": \"a\", \"session\": {\"options\": {\"agents\": {\"tester\": {}}}}}");
    assertRefused(files, "/.claude~1agents~1a.md", "agent.json");
  }

  private void assertRefused(TreeMap<String, String> files, String pointer, String detail) {
    assertThatThrownBy(() -> folder.toRequest(files))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            exception -> {
              assertThat(violations(exception)).containsExactly(pointer);
              assertThat(exception.errors().getFirst().detail()).contains(detail);
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "description: &a text\nmodel: *a",
        "description: a\ndescription: b",
        "description: a\nname: 1e3",
        "description: a\nname: [a]"
      })
  void frontMatterThatCanBeReadInTwoWaysIsRefused(String fields) {
    assertThatThrownBy(() -> SubagentFile.parse("a.md", "a", "---\n" + fields + "\n---\np"))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            exception -> assertThat(violations(exception)).containsExactly("/a.md"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\u0000", "a\u001b[2J", "a\u0085"})
  void controlCharactersAreRefusedWithTheirFile(String text) {
    assertThatThrownBy(
            () -> AgentZip.decode(AgentZip.encode(new TreeMap<>(Map.of("CLAUDE.md", text)))))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            exception -> assertThat(violations(exception)).containsExactly("/CLAUDE.md"));
    var text2 = new TreeMap<>(Map.of("CLAUDE.md", "a\tb\r\n"));
    assertThat(AgentZip.decode(AgentZip.encode(text2))).isEqualTo(text2);
  }

  @Test
  void everythingThatAnAgentCannotHaveIsNamed() {
    var files =
        new TreeMap<>(
            Map.of(
                "agent.json", "{\"name\": \"a\"}",
                ".claude/commands/a.md", "text",
                ".claude/settings.json", "{\"hooks\": {}, \"permissions\": {\"ask\": []}}"));
    assertThatThrownBy(() -> folder.toRequest(files))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            exception ->
                assertThat(violations(exception))
                    .containsExactlyInAnyOrder(
                        "/.claude~1commands~1a.md",
                        "/.claude~1settings.json/hooks",
                        "/.claude~1settings.json/permissions/ask"));
    for (var wrong : List.of("[]", "{\"name\": \"a\", \"session\": {\"options\": 1}}", "x"))
      assertThatThrownBy(() -> folder.toRequest(new TreeMap<>(Map.of("agent.json", wrong))))
          .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> SubagentFile.parse("a.md", "a", "---\nhooks: x\n---\n"))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> SubagentFile.parse("a.md", "a", "no front matter"))
        .isInstanceOf(InvalidRequestException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "bom, byte order mark",
    "long, 'at most 16,384 characters'",
    "none, must begin with front matter"
  })
  void frontMatterThatCannotBeReadIsRefusedWithItsReason(String kind, String reason) {
    var text = "---\nname: a\n---\n";
    var wrong =
        switch (kind) {
          case "bom" -> "\uFEFF" + text;
          case "long" -> text.replace("name", "#".repeat(17_000) + "\nname");
          default -> "name: a";
        };
    assertThatThrownBy(() -> SubagentFile.parse("a.md", "a", wrong))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            exception -> assertThat(exception.errors().toString()).contains(reason));
  }

  private static void assertSkillRefused(String pointer, String file, String text) {
    var files = AgentZip.encode(new TreeMap<>(Map.of(file, text)));
    assertThatThrownBy(() -> SkillFolderParser.takeAll(files))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            exception -> assertThat(violations(exception)).containsExactly(pointer));
  }

  @Test
  void skillsAreFoldersWithNamedInstructions() {
    var text = "---\nname: greet\ndescription: Greets people\n---\nSay hello.\n";
    var files =
        AgentZip.encode(
            Map.of(
                "CLAUDE.md", "a",
                ".claude/skills/greet/SKILL.md", text,
                ".claude/skills/greet/data/names.txt", "Ada"));
    var skill = SkillFolderParser.takeAll(files).getFirst();
    assertThat(files.keySet()).containsExactly("CLAUDE.md");
    assertThat(skill.name() + ": " + skill.description()).isEqualTo("greet: Greets people");
    assertThat(skill.files().keySet()).containsExactly("SKILL.md", "data/names.txt");
    for (var prefix : List.of("", "greet/")) {
      var archive = AgentZip.encode(Map.of(prefix + "SKILL.md", text));
      assertThat(SkillFolderParser.parse("greet", archive).files()).containsOnlyKeys("SKILL.md");
    }
    assertSkillRefused("/.claude~1skills~1a.md", ".claude/skills/a.md", text);
    assertSkillRefused("/.claude~1skills~1a~1SKILL.md", ".claude/skills/a/b.md", text);
    assertSkillRefused("/.claude~1skills~1a~1SKILL.md", ".claude/skills/a/SKILL.md", text);
    assertSkillRefused("/.claude~1skills~1a~1SKILL.md", ".claude/skills/a/SKILL.md", "no fields");
    assertSkillRefused(
        "/.claude~1skills~1a~1SKILL.md", ".claude/skills/a/SKILL.md", "---\nname: a\n---\n");
    assertSkillRefused("/.claude~1skills~1A b~1", ".claude/skills/A b/SKILL.md", text);
    assertSkillRefused("/.claude~1skills~1a~1x@y", ".claude/skills/a/x@y", text);
    assertSkillRefused(
        "/.claude~1skills~1a~1.claude-plugin~1plugin.json",
        ".claude/skills/a/.claude-plugin/plugin.json",
        "{}");
    assertSkillRefused("/.claude~1skills~1compact~1", ".claude/skills/compact/SKILL.md", text);
    var forked = "---\nname: a\ndescription: b\ncontext: fork\n---\nc\n";
    assertSkillRefused("/.claude~1skills~1a~1SKILL.md", ".claude/skills/a/SKILL.md", forked);
    assertCollision("b", "b/c", "/b~1");
    assertCollision("SKILL.md", "skill.md", "/skill.md");
  }

  private static void assertCollision(String first, String second, String pointer) {
    var archive = AgentZip.encode(Map.of(first, "a", second, "b"));
    assertThatThrownBy(() -> SkillFolderParser.parse("greet", archive))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            exception -> assertThat(violations(exception)).containsExactly(pointer));
  }

  @Test
  void linksAreRefused() throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipArchiveOutputStream(bytes)) {
      var link = new ZipArchiveEntry("CLAUDE.md");
      link.setUnixMode(UnixStat.LINK_FLAG | 0777);
      zip.putArchiveEntry(link);
      zip.write("/etc/passwd".getBytes(StandardCharsets.UTF_8));
      zip.closeArchiveEntry();
    }
    assertThatThrownBy(() -> AgentZip.read(bytes.toByteArray()))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            exception -> assertThat(violations(exception)).containsExactly("/CLAUDE.md"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../a", "/a", "a/../../b", "a\\b", "a//b", "./a", "a/../"})
  void fileThatLeadsOutOfTheFolderIsRefused(String name) {
    assertThatThrownBy(() -> AgentZip.read(AgentZip.write(AgentZip.encode(Map.of(name, "text")))))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void archiveIsBounded() {
    var large = Map.of("CLAUDE.md", "a".repeat(AgentZip.BYTES_MAX + 1));
    assertThatThrownBy(() -> AgentZip.read(AgentZip.write(AgentZip.encode(large))))
        .isInstanceOf(InvalidRequestException.class);
    var many = new TreeMap<String, String>();
    for (int i = 0; i <= AgentZip.FILES_MAX; i++) many.put("file" + i, "");
    assertThatThrownBy(() -> AgentZip.read(AgentZip.write(AgentZip.encode(many))))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> AgentZip.read(new byte[] {1, 2, 3}))
        .isInstanceOf(InvalidRequestException.class);
  }
}
