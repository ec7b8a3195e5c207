/** Templates and the rights to them. */
@NullMarked
package io.agentledger.command.template;

import org.jspecify.annotations.NullMarked;
