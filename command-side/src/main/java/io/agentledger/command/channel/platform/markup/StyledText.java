package io.agentledger.command.channel.platform.markup;

import java.util.List;

/**
 * Text of the same styles.
 *
 * @param text unescaped
 * @param styles outermost first
 */
record StyledText(String text, List<Style> styles) {}
