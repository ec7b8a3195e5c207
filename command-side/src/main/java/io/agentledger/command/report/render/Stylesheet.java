package io.agentledger.command.report.render;

import io.agentledger.command.report.document.Branding;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Stylesheets of reports. */
final class Stylesheet {
  private Stylesheet() {}

  /** Returns the rules of a screen for the accent color; the dark theme keeps its own. */
  static String screenRules(Branding branding) {
    var color = branding.accentColor();
    if (color.isEmpty()) return "";
    var rule = "{ :root { --accent: " + color + "; } .cover { border-color: var(--accent); } }\n";
    return "@media (prefers-color-scheme: light) " + rule + "@media print " + rule;
  }

  /** Returns the rules of pages for the accent color and the footer. */
  static String printRules(Branding branding) {
    var color = branding.accentColor();
    var rules = new StringBuilder();
    if (!color.isEmpty())
      rules
          .append("a, .cover .kind { color: " + color + "; }\n")
          .append(".cover h1 { border-bottom-color: " + color + "; }\n");
    if (!branding.footer().isEmpty())
      rules.append("@page { @bottom-left { content: element(foot); } }\n");
    return rules.toString();
  }

  static String read(String name) throws IOException {
    try (var css = Objects.requireNonNull(Stylesheet.class.getResourceAsStream(name), name)) {
      return new String(css.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
