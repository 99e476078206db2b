"""Names in Latin letters that people in Chinese chats bear; written down from general knowledge."""

from __future__ import annotations

from typing import Final

from curation.pii.name_lists import words

FIRST_NAMES: Final = words(
    "Aaron Abby Abigail Adam Adrian Aiden Alan Albert Alex Alexander Alexis Alfred Alice Alicia "
    "Allen Allison Alvin Amanda Amber Amelia Amy Andrew Andy Angela Anita Anna Annie Anthony "
    "Ariel Arthur Ashley Audrey Austin Ava Barbara Bella Ben Benjamin Bernard Beth Betty "
    "Beverly Bill Billy Blake Bob Bobby Bonnie Brandon Brenda Brian Bruce Caleb Cameron Candy "
    "Carl Carol Caroline Carrie Catherine Cathy Cecilia Celine Charles Charlie Chelsea Chloe "
    "Chris Christina Christine Christopher Cindy Claire Clara Cody Colin Connie Craig Crystal "
    "Curtis Cynthia Daisy Dan Daniel Danny Daphne Darren Dave David Debbie Deborah Dennis Derek "
    "Derrick Diana Dora Doris Dorothy Douglas Dylan Eason Echo Eddie Edison Edward Edwin Eileen "
    "Elaine Eleanor Elena Elijah Elizabeth Ella Ellen Elsa Elsie Elva Emilia Emily Emma Eric "
    "Erica Ethan Eugene Eunice Eva Evan Eve Evelyn Felix Fiona Flora Florence Frances Frank "
    "Freddy Gabriel Gary Gavin Gemma George Gina Gloria Gordon Grace Greg Hannah Harry Hazel "
    "Heather Helen Henry Howard Hugo Ian Irene Iris Isaac Isabel Isabella Ivan Ivy Jack Jackie "
    "Jackson Jacky Jacob Jade Jake James Jane Janet Jasmine Jason Jasper Jay Jeff Jennifer "
    "Jenny Jeremy Jerry Jesse Jessica Jessie Jill Jim Jimmy Joan Joanna Jocelyn Joe Joel Joey "
    "John Johnny Jonathan Jordan Joseph Josh Joshua Joyce Judy Julia Julie Juliet June Justin "
    "Karen Kate Katherine Kathy Katie Keith Kelly Kelvin Ken Kenny Kevin Kitty Kyle Lana Larry "
    "Laura Lauren Lena Leo Leon Leonard Leslie Liam Lillian Lily Linda Lisa Logan Lorraine "
    "Louis Louise Lucas Lucy Luke Luna Lydia Mabel Maggie Mandy Marcus Maria Mark Martin Mary "
    "Mason Matt Matthew Mavis Max Maxine May Megan Melissa Melody Mia Michael Michelle Mike "
    "Mindy Miranda Molly Monica Morgan Nancy Natalie Nathan Nathaniel Neil Nicholas Nick Nicole "
    "Nina Noah Nora Norman Olive Oliver Olivia Oscar Owen Pamela Patrick Paul Paula Pauline "
    "Peggy Penny Peter Philip Phoebe Phyllis Priscilla Queenie Rachel Ray Raymond Rebecca "
    "Regina Rex Richard Ricky Rita Robert Robin Roger Roland Ronald Rosa Rose Roxanne Roy Ruby "
    "Russell Ryan Sabrina Sally Sam Samantha Sandy Sarah Sasha Scott Sean Sebastian Selina "
    "Serena Seth Sharon Sherry Shirley Silvia Simon Sonia Sophia Sophie Stanley Stella Stephen "
    "Steve Steven Sue Susan Suzy Sylvia Ted Teresa Terry Theo Theresa Thomas Tiffany Tim Timmy "
    "Tina Toby Todd Tom Tommy Tony Tracy Travis Trevor Troy Vanessa Vera Veronica Vicky Victor "
    "Victoria Vincent Viola Violet Vivian Walter Warren Wayne Wendy Wesley Willa William Wilson "
    "Winnie Xavier Yolanda Yuki Yvonne Zack Zara Zoe"
)
"""English first names."""

SURNAMES: Final = words(
    "Wong Chan Cheung Leung Lam Lau Ng Ho Kwok Tsang Yip Yeung Tang Fung Chow Cheng Lee Tsai "
    "Hsu Huang Wang Li Zhang Liu Chen Yang Zhao Wu Zhou Xu Sun Ma Zhu Hu Guo He Lin Gao Luo "
    "Zheng Liang Xie Song Deng Han Feng Cao Peng Zeng Xiao Tian Dong Pan Yuan Cai Jiang Yu Du "
    "Ye Wei Su Lu Ding Ren Shen Yao Zhong Tan Fan Jin Shi Liao Xiong Meng Qin Bai Zou Xue Yan "
    "Lei Hou Long Tao Qian Kang Hao Kong Shao Mao Wan Gu Lai Yin"
)
"""Chinese surnames as they are written in Latin letters, in Hong Kong, Taiwan and the mainland."""

ALSO_WORDS: Final = frozenset(
    words(
        "Alexis Amber Ariel Ashley Austin Bill Blake Bonnie Brandon Cameron Candy Carol Chelsea "
        "Claire Cody Crystal Daisy Dawn Dora Echo Edison Elsa Eve Faith Flora Florence Frank "
        "Gavin Grace Harry Hazel Hope Hugo Iris Isaac Ivy Jack Jade Jackson Jasmine Jasper Jay "
        "Jordan Joy Juliet June Justin Kelly Kitty Leo Leon Lily Luna Mark Mason Max May Melody "
        "Miranda Morgan Nathan Nick Olive Oscar Penny Peter Ray Rex Robin Roger Rosa Rose Roy "
        "Ruby Sandy Scott Sebastian Sky Stella Stanley Sue Summer Sunny Ted Tiffany Tim Todd Tom "
        "Tommy Tony Travis Troy Vera Vicky Victor Victoria Viola Violet Warren Wayne Wendy Will "
        "Wilson Winnie Zack Zara Jerry Mickey Minnie Donald Steve Taylor Louis Martin "
    )
)
"""First names that are words, brands, places, or characters of fiction as well."""

FAMOUS: Final = frozenset(
    (
        "Bruce Lee",
        "Jackie Chan",
        "Jet Li",
        "Andy Lau",
        "Stephen Chow",
        "Eason Chan",
        "Jay Chou",
        "Jolin Tsai",
        "Tony Leung",
        "Maggie Cheung",
        "Michelle Yeoh",
        "Leslie Cheung",
        "Faye Wong",
        "Anita Mui",
        "Jack Ma",
        "Robin Li",
        "Pony Ma",
        "Yao Ming",
        "Li Na",
        "Liu Xiang",
        "Jeremy Lin",
        "Jensen Huang",
        "Lang Lang",
        "Ang Lee",
        "John Woo",
        "Simu Liu",
        "Lucy Liu",
        "Coco Lee",
        "Amber Liu",
        "Brenda Song",
    )
)
"""People known from news and films under such names."""

SYLLABLE: Final = (
    "(?:(?:[bpmf]|[dtnl]|[gkh]|[zcs]h?|[jqxrwy])?"
    "(?:i?ang?|i?ao|i?ong|iu|ing?|i?e|ua?ng?|u[ao]i|uo|ui|ou|eng?|ei|ai|er|ue|[aoeiu]a?))"
)
"""A syllable as pinyin writes it, roughly: whatever pinyin writes matches, and little else."""
