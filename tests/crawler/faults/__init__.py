"""What the network does to a crawler at its worst, against servers that really do it.

fault                                               where it is tested
12  gzip, br, zstd bombs, nested encodings          test_bombs
13  endless and slow answers, silence, hung TLS     test_slow_servers
14  redirects and links that lead inwards           test_leading_inwards; tests/crawler/test_hostile
                                                    (a feed's redirects), test_guards (pure)
15  file:, data:, ftp:, gopher:, javascript:        test_other_schemes; test_hostile
16  robots.txt that fails and recovers              test_robots_trouble; test_hostile
17  entities, XInclude, nesting                     test_hostile_xml; test_feed (pure)
18  no id, no date, no link                         test_poor_feeds
19  impossible dates                                test_poor_feeds; test_feed (pure)
20  wrong and missing charsets                      test_wrong_charsets; test_feed (pure)
21  markup, links and controls from outside         test_hostile_words (listings);
                                                    tests/alerts/test_render_hostile (mail, Slack)
22  Slack's own markup                              tests/alerts/test_render_hostile
23  spreadsheet formulas                            test_hostile_words; tests/worker/test_output
24  one article under many addresses                test_one_article; test_urls (pure)
"""
