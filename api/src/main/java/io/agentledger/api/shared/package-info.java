/** Building blocks of messages: ids, pages, money, JSON, rejections. */
@NullMarked
package io.agentledger.api.shared;

import org.jspecify.annotations.NullMarked;
