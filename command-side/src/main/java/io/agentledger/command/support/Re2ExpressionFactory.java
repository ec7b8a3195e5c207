package io.agentledger.command.support;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressionFactory;
import io.agentledger.api.shared.RegexLimits;
import tools.jackson.databind.JsonNode;

/**
 * Factory of the expressions of JSON Schemas that are not trusted: RE2 of limited size, which is
 * matched in linear time, within a {@link MatchBudget}.
 */
public final class Re2ExpressionFactory implements RegularExpressionFactory {
  /**
   * Returns the size of all expressions of a schema, or more: each text that could be one counts,
   * wherever it stands. Those of properties count twice, because the library compiles them twice.
   */
  public static long sizeOf(JsonNode schema) {
    long size = 0;
    for (JsonNode item : schema) size += sizeOf(item);
    JsonNode pattern = schema.path("pattern");
    if (pattern.isString()) size += RegexLimits.sizeOf(pattern.asString());
    for (var property : schema.path("patternProperties").properties())
      size += 2 * RegexLimits.sizeOf(property.getKey());
    return size;
  }

  @Override
  public RegularExpression getRegularExpression(String text) {
    if (RegexLimits.findViolation(text).isPresent())
      throw new IllegalArgumentException("too large an expression");
    try {
      var pattern = Pattern.compile(text);
      long size = RegexLimits.sizeOf(text);
      return value -> {
        MatchBudget.spend(size, value);
        return pattern.matcher(value).find();
      };
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException("not a valid RE2 expression", e);
    }
  }
}
