package io.agentledger.gateway.support.validation;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.gateway.support.validation.ToolReference.Form;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KnownToolsTest {
  private static final KnownTools TOOLS =
      new KnownTools(List.of("hands"), List.of("shop", "git_hub"));

  private static Optional<String> violation(Form form, String text) {
    return TOOLS.findViolation(new ToolReference("/p", text, form));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ALLOWED | Bash",
        "ALLOWED | Bash(npm test:*)",
        "ALLOWED | Bash(echo (a))",
        "ALLOWED | Edit(src/**)",
        "ALLOWED | Read(//etc/**)",
        "ALLOWED | Task",
        "ALLOWED | *",
        "ALLOWED | Task*",
        "ALLOWED | @default",
        "ALLOWED | @read",
        "ALLOWED | @hands",
        "ALLOWED | WebFetch",
        "ALLOWED | WebFetch(domain:example.com)",
        "DISALLOWED | WebFetch(domain:*.example.com)",
        "ALLOWED | ReadMcpResourceTool",
        "ALLOWED | mcp__shop",
        "ALLOWED | mcp__shop__buy",
        "ALLOWED | mcp__git_hub__push",
        "ALLOWED | mcp__client__lookup",
        "ALLOWED | mcp__*",
        "DISALLOWED | mcp__*__delete_*",
        "DISALLOWED | mcp__git*",
        "POLICY | @hands",
        "POLICY | Ba*",
        "MEMBER | mcp__shop__*",
        "SUBAGENT | *",
        "SUBAGENT | Read",
        "SUBAGENT | mcp__shop",
        "MATCHER | Bash|Write",
        "MATCHER | mcp__shop__buy",
        "MATCHER | mcp__.*",
        "MATCHER | .*",
      })
  void acceptsWhatCanMatch(Form form, String text) {
    assertThat(violation(form, text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "ALLOWED; bash; names no tool: bash; did you mean Bash?",
        "ALLOWED; Bsh; names no tool: Bsh; did you mean Bash?",
        "ALLOWED; bash(ls); did you mean Bash?; ",
        "ALLOWED; Wriet; did you mean Write?; ",
        "ALLOWED; @raed; did you mean @read?; ",
        "ALLOWED; Launch; the names are those of Claude Code; ",
        "ALLOWED; Bsh*; names no tool; ",
        "ALLOWED; Bash(; closed parentheses; ",
        "ALLOWED; Bash(ls; closed parentheses; ",
        "ALLOWED; Bash ls; closed parentheses; ",
        "ALLOWED; Bash(); must have a pattern; write Bash",
        "ALLOWED; Bash(:*); must have a pattern; write Bash",
        "ALLOWED; Agent(critic); must have no parentheses; write Agent",
        "ALLOWED; mcp__shop(x); must have no parentheses; write mcp__shop",
        "ALLOWED; WebFetch(https://a.test/); must name a host; WebFetch(domain:example.com)",
        "ALLOWED; WebFetch(domain:a.test:443); without a port; WebFetch(domain:example.com)",
        "ALLOWED; WebFetch(domain:*); must name a host; WebFetch(domain:example.com)",
        "ALLOWED; @read(x); must have no parentheses; ",
        "ALLOWED; mcp__Shop__buy; names no MCP server: Shop; did you mean shop?",
        "ALLOWED; mcp__nope; names no MCP server: nope; must be registered",
        "ALLOWED; mcp__; names no MCP server; ",
        "ALLOWED; mcp__none*; names no MCP server; ",
        "ALLOWED; @hand; names no tool group: @hand; did you mean @hands?",
        "ALLOWED; @gone; the groups are @agents; ",
        "DISALLOWED; @default; names no tool group: @default; ",
        "POLICY; @default; names no tool group: @default; ",
        "POLICY; Bash(ls); names no tool; ",
        "MEMBER; @read; not of a group; ",
        "SUBAGENT; @read; not of a group; ",
        "SUBAGENT; Re*; names no tool; ",
        "SUBAGENT; Bash(ls); names no tool; ",
        "MATCHER; bash|Write; did you mean Bash?; ",
        "MATCHER; Task; names no tool: Task; ",
        "MATCHER; mcp__shop; matches no tool; write mcp__shop__.*",
        "MATCHER; mcp__nope__x; names no MCP server; ",
        "MATCHER; Bash(; RE2 expression; missing closing )",
      })
  void refusesWhatCannotMatchAndNamesTheCure(Form form, String text, String rule, String cure) {
    assertThat(violation(form, text).orElseThrow())
        .contains(rule)
        .contains(cure == null ? "" : cure);
  }
}
