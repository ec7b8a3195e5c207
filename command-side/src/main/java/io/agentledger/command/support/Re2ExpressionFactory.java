package io.agentledger.command.support;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressionFactory;
import io.agentledger.api.shared.RegexLimits;

/**
 * Factory of the expressions of JSON Schemas that are not trusted: RE2 of limited size, which is
 * matched in linear time.
 */
public final class Re2ExpressionFactory implements RegularExpressionFactory {
  @Override
  public RegularExpression getRegularExpression(String text) {
    if (RegexLimits.findViolation(text).isPresent())
      throw new IllegalArgumentException("too large an expression");
    try {
      var pattern = Pattern.compile(text);
      return value -> pattern.matcher(value).find();
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException("not a valid RE2 expression", e);
    }
  }
}
